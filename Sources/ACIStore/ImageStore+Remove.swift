import ACIArchive
public import AppcSchema
import Logging
import SystemPackage

extension ImageStore {
  /// Removes an image.
  ///
  /// Trees rendered from it stay until they are collected.
  ///
  /// Needs no free disk space. Throws `notFound`; `busy` when the image is being rendered or exported.
  public func remove(_ id: ImageID) throws(StoreError) {
    let shard = try lockShard(of: id)
    let blob: FileLock?
    do {
      blob = try FileLock.ifFree(in: root.descriptor, StoreLayout.blob(id), .exclusive)
    } catch {
      if error.code == .notFound { throw StoreError.noImage(id, operation: "remove") }
      throw error
    }
    guard blob != nil else {
      throw StoreError(
        .busy, operation: "remove", subject: id.short,
        detail: "it is being rendered or exported: try again later")
    }
    let record = try? storedRecord(of: id)
    try attempting("remove", id.short) { () throws(Errno) in
      // The image is gone with its blob; the rest means nothing without it.
      try root.removeFile(StoreLayout.blob(id))
      try Kernel.sync(shard.descriptor.rawValue)
    }
    if let record { removeTraces(of: record) } else { removeFiles(besides: id) }
    logger.debug("image removed", metadata: ["image": "\(id.short)"])
  }
}
