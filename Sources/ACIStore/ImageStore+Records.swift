import ACIArchive
public import AppcSchema
import SystemPackage

extension ImageStore {
  /// The record of an image, derived from its blob when a power cut or a hand took it.
  ///
  /// Throws `notFound` when the image is not in the store, `corrupt` when neither record nor blob can be read.
  public func record(of id: ImageID) throws(StoreError) -> ImageRecord {
    guard let blob = try blobStatus(id) else { throw StoreError.noImage(id, operation: "look up") }
    var record: ImageRecord
    if let stored = try storedRecord(of: id, fitting: blob.bytes) {
      record = stored
    } else {
      record = try deriveRecord(of: id, blob)
    }
    if let used = try? lastUse(of: id) { record.lastUsedAt = used }
    return record
  }

  /// What the record's file says; nil when there is none, or none that makes sense.
  func storedRecord(of id: ImageID) throws(StoreError) -> ImageRecord? {
    let name = StoreLayout.record(id)
    do {
      return try root.contents(of: name, limit: ImageRecord.maxFileBytes).flatMap { ImageRecord($0, of: id) }
    } catch .fileTooLarge {
      return nil
    } catch {
      throw StoreError(system: error, operation: "read record", subject: id.short)
    }
  }

  /// As `storedRecord(of:)`, but nil too for one of a blob of another size.
  func storedRecord(of id: ImageID, fitting bytes: Int64) throws(StoreError) -> ImageRecord? {
    guard let record = try storedRecord(of: id), record.tarBytes == bytes else { return nil }
    return record
  }

  /// Writes a record, in place of the old one if there is one, and syncs its bytes.
  func write(_ record: ImageRecord) throws(StoreError) {
    try root.put(
      record.serialized(), as: StoreLayout.record(record.id), for: "import", record.id.short, synced: true)
  }

  /// Removes what goes with an image besides its blob.
  ///
  /// What cannot be removed means nothing without it.
  func removeTraces(of record: ImageRecord) {
    removeFiles(besides: record.id)
    removeFromIndex(record)
  }

  /// As `removeTraces(of:)`, of an image whose record, and so whose name, is lost.
  func removeFiles(besides id: ImageID) {
    try? root.removeFile(StoreLayout.record(id))
    try? root.removeFile(StoreLayout.manifest(id))
    try? root.removeFile(StoreLayout.used(id))
  }

  /// Notes that an image was used now.
  ///
  /// Every time: a collector may look for what was not used for minutes, and looks once more before it removes. To
  /// find out whether it is needed would cost as much.
  func touch(_ id: ImageID) { setLastUse(of: id, .now) }

  /// Nil when the time is lost.
  func lastUse(of id: ImageID) throws(StoreError) -> FileTime? {
    do throws(Errno) {
      return try Kernel.status(root.descriptor, StoreLayout.used(id)).modified
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw StoreError(system: error, operation: "look up", subject: id.short)
    }
  }

  /// Losing this costs an image its place in the order of collection, nothing else.
  func setLastUse(of id: ImageID, _ time: FileTime) {
    let name = StoreLayout.used(id)
    do throws(Errno) {
      try Kernel.setModified(root.descriptor, name, time)
    } catch {
      try? Kernel.makeFile(root.descriptor, name)
      try? Kernel.setModified(root.descriptor, name, time)
    }
  }

  private func deriveRecord(of id: ImageID, _ blob: Kernel.Status) throws(StoreError) -> ImageRecord {
    let (manifest, _) = try readManifest(of: id)
    let record = ImageRecord(
      id: id, manifest: manifest, tarBytes: blob.bytes, importedAt: blob.modified, isLatest: false,
      origin: nil)
    // A convenience for the next reader; this one has what it needs.
    try? keepDerived(record)
    return record
  }

  /// Writes a derived record, and its index entry, where there is still no good one.
  ///
  /// Under the lock under which imports write theirs, which say more. Where somebody has it, perhaps the caller, the
  /// next reader may write.
  func keepDerived(_ record: ImageRecord) throws(StoreError) {
    let directory = StoreLayout.shardDirectory(StoreLayout.shard(of: record.id))
    guard let shard = try FileLock.ifFree(in: root.descriptor, directory, .exclusive) else { return }
    guard try blobStatus(record.id)?.bytes == record.tarBytes else { return }
    if try storedRecord(of: record.id, fitting: record.tarBytes) == nil {
      try write(record)
      try addToIndex(record)
    }
    shard.release()
  }

  func blobStatus(_ id: ImageID) throws(StoreError) -> Kernel.Status? {
    do {
      return try Kernel.status(root.descriptor, StoreLayout.blob(id))
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw StoreError(system: error, operation: "look up", subject: id.short)
    }
  }
}

extension StoreError {
  static func noImage(_ id: ImageID, operation: String) -> StoreError {
    StoreError(
      .notFound, operation: operation, subject: id.short,
      detail: "no such image is in the store: import it first")
  }
}

extension FileTime {
  static var now: Self { Kernel.now() }
}
