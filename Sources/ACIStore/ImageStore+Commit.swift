import ACIArchive
import AppcSchema
import Logging
import SystemPackage

extension ImageStore {
  /// Publishes a blob that was written and checked; tells whether the store had it already.
  ///
  /// The blob's name is the commit: an image exists exactly when its blob does. Before that come the record and
  /// the index, which mean nothing without a blob, so that an image never exists without them. Three syncs make
  /// it durable: blob and record, then the directory that names the blob. After a power cut the record's own
  /// name may be missing; it is then derived from the blob.
  func commit(
    _ blob: consuming PendingFile, _ summary: ArchiveSummary, named name: String, _ options: ImportOptions
  ) throws(StoreError) -> (record: ImageRecord, wasPresent: Bool) {
    let id = summary.imageID
    let isNew = !hasBlob(id, bytes: summary.tarBytes)
    // Waiting for the disk is done before the lock is taken.
    if isNew { try blob.sync() }
    let record = ImageRecord(
      id: id, manifest: summary.manifest, tarBytes: summary.tarBytes, importedAt: .now,
      isLatest: options.isLatest, origin: options.origin)
    let shard = try lockShard(of: id)
    if hasBlob(id, bytes: summary.tarBytes) {
      return (try refreshed(record), true)
    }
    // Removed since the first look: rare enough to wait for the disk once more.
    if !isNew { try blob.sync() }
    var isPublished = false
    do {
      try write(record)
      try writeManifest(summary.manifestBytes, of: id)
      try addToIndex(record)
      // A blob of another size is damaged: nothing else can be under this name.
      try attempting("import", name) { () throws(Errno) in try root.removeFile(StoreLayout.blob(id)) }
      isPublished = try blob.publish(as: StoreLayout.blob(id), mode: 0o400)
      let directory = shard.descriptor.rawValue
      try attempting("import", name) { () throws(Errno) in try Kernel.sync(directory) }
    } catch {
      takeBack(record, isPublished: isPublished)
      throw error
    }
    logger.debug("image imported", metadata: ["image": "\(id.short)", "bytes": "\(summary.tarBytes)"])
    setLastUse(of: id, record.importedAt)
    return (record, false)
  }

  /// Undoes a commit that failed, with the shard's lock held.
  ///
  /// The blob goes first: what is cut short in between leaves traces without an image, never an image that no name
  /// leads to.
  private func takeBack(_ record: ImageRecord, isPublished: Bool) {
    let blob = StoreLayout.blob(record.id)
    if isPublished { try? root.removeFile(blob) }
    if !Kernel.exists(root.descriptor, blob) { removeTraces(of: record) }
  }

  /// Brings the record of an image that was imported before up to date.
  private func refreshed(_ record: ImageRecord) throws(StoreError) -> ImageRecord {
    let old = try storedRecord(of: record.id, fitting: record.tarBytes)
    // The server says that this is the newest version: it goes before others imported since.
    if old == nil || record.isLatest { try write(record) }
    if old == nil { try addToIndex(record) }
    setLastUse(of: record.id, record.importedAt)
    return try self.record(of: record.id)
  }

  /// The lock under which the images of a shard appear and disappear.
  func lockShard(of id: ImageID) throws(StoreError) -> FileLock {
    let directory = StoreLayout.shardDirectory(StoreLayout.shard(of: id))
    if !Kernel.exists(root.descriptor, directory) {
      // Copying a store with a tool that drops empty directories loses them.
      try attempting("lock", directory.shown) { () throws(Errno) in try root.makeDirectory(directory) }
    }
    return try lock(directory, .exclusive)
  }

  private func hasBlob(_ id: ImageID, bytes: Int64) -> Bool {
    (try? Kernel.status(root.descriptor, StoreLayout.blob(id)))?.bytes == bytes
  }
}
