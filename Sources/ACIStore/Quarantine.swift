public import ACIArchive
public import AppcSchema
public import SystemPackage

/// A damaged blob that was put aside.
public struct QuarantinedImage: Hashable, Sendable {
  /// The image that the blob was; its bytes are something else.
  public let id: ImageID
  /// Where the damaged bytes lie.
  public let path: FilePath
  /// Their length.
  public let bytes: Int64
  /// When the blob was put aside.
  public let quarantinedAt: FileTime
  /// What the image's record said, if there was one that could be read: its name, and where to get it again.
  public let record: ImageRecord?
}

extension ImageStore {
  /// The damaged blobs that were put aside, the oldest first.
  ///
  /// They are no images of the store: nothing finds or uses them. Throws `system`.
  public func quarantined() throws(StoreError) -> [QuarantinedImage] {
    try quarantineNames().compactMap(quarantinedImage).sorted {
      ($0.quarantinedAt, $0.id) < ($1.quarantinedAt, $1.id)
    }
  }

  /// Removes blobs that were put aside longer than `age` ago; by default all.
  ///
  /// Nothing else ever removes them. Needs no free disk space. Gives what was removed. Throws `system`.
  public func removeQuarantined(olderThan age: Duration = .zero) throws(StoreError) -> [QuarantinedImage] {
    let limit = Kernel.now().seconds.subtractingReportingOverflow(age.components.seconds).partialValue
    var removed: [QuarantinedImage] = []
    for image in try quarantined() where image.quarantinedAt.seconds <= limit {
      if try removeQuarantined(image) { removed.append(image) }
    }
    return removed
  }

  /// Under the lock under which blobs are put aside with their records; false when somebody else was faster.
  private func removeQuarantined(_ image: QuarantinedImage) throws(StoreError) -> Bool {
    guard let name = image.path.lastComponent else { return false }
    let blob = StoreLayout.quarantine.appending(name)
    let shard = try lockShard(of: image.id)
    guard quarantinedImage(name.string)?.quarantinedAt == image.quarantinedAt else { return false }
    try attempting("remove", blob.shown) { () throws(Errno) in
      try root.removeFile(StoreLayout.quarantinedRecord(blob))
      // Whatever lay in a blob's place: a directory too.
      try TreeRemoval.remove(blob, in: root.descriptor)
    }
    shard.release()
    return true
  }

  /// Removes records in quarantine whose blob is gone: a hand may have removed it alone.
  func removeQuarantinedRecordsOfNothing() throws(StoreError) {
    for name in try quarantineNames() where name.hasSuffix(".json") {
      guard let id = StoreLayout.imageID(quarantinedAs: String(name.dropLast(5))) else { continue }
      let record = StoreLayout.quarantine.appending(name)
      let blob = StoreLayout.quarantine.appending(String(name.dropLast(5)))
      let shard = try lockShard(of: id)
      if !Kernel.exists(root.descriptor, blob) {
        try attempting("remove", record.shown) { () throws(Errno) in try root.removeFile(record) }
      }
      shard.release()
    }
  }

  private func quarantineNames() throws(StoreError) -> [String] {
    try attempting("list", StoreLayout.quarantine.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.quarantine)
    }
  }

  private func quarantinedImage(_ name: String) -> QuarantinedImage? {
    guard let id = StoreLayout.imageID(quarantinedAs: name) else { return nil }
    let path = StoreLayout.quarantine.appending(name)
    // Gone meanwhile: somebody else removes them too.
    guard let status = try? Kernel.status(root.descriptor, path) else { return nil }
    let record =
      (try? root.contents(of: StoreLayout.quarantinedRecord(path), limit: ImageRecord.maxFileBytes))
      .flatMap { ImageRecord($0, of: id) }
    return QuarantinedImage(
      id: id, path: root.fullPath(path), bytes: status.bytes, quarantinedAt: status.modified, record: record)
  }
}
