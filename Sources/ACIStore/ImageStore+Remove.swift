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
    _ = try remove(id) { true }
  }

  /// Removes an image that the collector found to be due; false when it was used after `time`.
  func remove(_ id: ImageID, unlessUsedAfter time: FileTime) throws(StoreError) -> Bool {
    try remove(id) { () throws(StoreError) in
      guard let used = try lastUse(of: id) else { return true }
      return used <= time
    }
  }

  /// Asks `isDue` while nobody can begin to read the image.
  private func remove(_ id: ImageID, isDue: () throws(StoreError) -> Bool) throws(StoreError) -> Bool {
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
    guard try isDue() else { return false }
    let record = try? storedRecord(of: id)
    try attempting("remove", id.short) { () throws(Errno) in
      // The image is gone with its blob; the rest means nothing without it.
      try root.removeFile(StoreLayout.blob(id))
      try Kernel.sync(shard.descriptor.rawValue)
    }
    if let record { removeTraces(of: record) } else { removeFiles(besides: id) }
    logger.debug("image removed", metadata: ["image": "\(id.short)"])
    return true
  }
}
