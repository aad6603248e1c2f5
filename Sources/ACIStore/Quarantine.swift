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
    let names = try attempting("list", StoreLayout.quarantine.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.quarantine)
    }
    return names.compactMap(quarantinedImage).sorted { ($0.quarantinedAt, $0.id) < ($1.quarantinedAt, $1.id) }
  }

  /// Removes blobs that were put aside longer than `age` ago; by default all.
  ///
  /// Nothing else ever removes them. Needs no free disk space. Gives what was removed. Throws `system`.
  public func removeQuarantined(olderThan age: Duration = .zero) throws(StoreError) -> [QuarantinedImage] {
    let limit = Kernel.now().seconds.subtractingReportingOverflow(age.components.seconds).partialValue
    let due = try quarantined().filter { $0.quarantinedAt.seconds <= limit }
    for image in due {
      guard let name = image.path.lastComponent else { continue }
      let blob = StoreLayout.quarantine.appending(name)
      try attempting("remove", blob.shown) { () throws(Errno) in
        try root.removeFile(StoreLayout.quarantinedRecord(blob))
        // Whatever lay in a blob's place: a directory too.
        try TreeRemoval.remove(blob, in: root.descriptor)
      }
    }
    return due
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
