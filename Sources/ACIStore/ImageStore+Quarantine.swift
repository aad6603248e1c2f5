import ACIArchive
import AppcSchema
import Logging
import SystemPackage

/// What became of a blob that was to be put aside.
enum QuarantineOutcome: Equatable {
  /// It lies here, relative to the store's root; the image is gone.
  case moved(FilePath)
  /// Somebody reads it, so it stays where it is.
  case inUse
  /// The image was removed, or imported anew, since it was examined.
  case gone
}

extension ImageStore {
  /// Moves the blob of an image out of the store's sight if it is still the one that was examined, with its
  /// record, and removes what else belongs to the image.
  ///
  /// The rename is the commit: the image is gone with its blob, whatever happens after that. Needs no free disk
  /// space where the directory for it is there, as in every new store. Nobody may hold a lock on the blob.
  func quarantine(_ id: ImageID, _ examined: Kernel.Status) throws(StoreError) -> QuarantineOutcome {
    let shard = try lockShard(of: id)
    guard let named = try blobStatus(id), named.isUnchanged(since: examined) else { return .gone }
    let lock: FileLock?
    if named.isRegular {
      lock = try FileLock.ifFree(in: root.descriptor, StoreLayout.blob(id), .exclusive)
      guard lock != nil else { return .inUse }
    } else {
      // Nothing that we wrote: nobody reads it, and it may be a pipe, which is not to be opened.
      lock = nil
    }
    // It tells when the blob was put aside, from the first moment: a collector takes those of long ago.
    try? Kernel.setModified(root.descriptor, StoreLayout.blob(id), .now)
    let record = try? storedRecord(of: id)
    let place = try attempting("quarantine", id.short) { () throws(Errno) in
      try root.makeDirectory(StoreLayout.quarantine)
      let place = try moveToQuarantine(id)
      try root.syncDirectory(StoreLayout.quarantine)
      try Kernel.sync(shard.descriptor.rawValue)
      return place
    }
    // It tells what the image was and where to get it again.
    try? Kernel.renameNew(
      root.descriptor, StoreLayout.record(id), root.descriptor, StoreLayout.quarantinedRecord(place))
    if let record { removeTraces(of: record) } else { removeFiles(besides: id) }
    _ = consume lock
    logger.warning("damaged image put aside", metadata: ["image": "\(id.short)", "path": "\(place.shown)"])
    return .moved(place)
  }

  /// Under the first name that is free.
  private func moveToQuarantine(_ id: ImageID) throws(Errno) -> FilePath {
    var number = 1
    while true {
      let place = StoreLayout.quarantined(id, number: number)
      do throws(Errno) {
        try Kernel.renameNew(root.descriptor, StoreLayout.blob(id), root.descriptor, place)
        return place
      } catch .fileExists {
        number += 1
      }
    }
  }

  /// Puts aside those of the images whose blobs are damaged, after an operation on them failed; gives its
  /// error, which says so.
  ///
  /// Each is read once more, for an operation may fail for other reasons. What fails here leaves things as they
  /// were.
  func quarantineDamaged(_ ids: some Sequence<ImageID>, after error: StoreError) -> StoreError {
    guard error.code == .corrupt else { return error }
    var moved: [String] = []
    for id in ids {
      guard let examination = try? BlobExamination(of: id, in: self, limits: .ofImported),
        case .damaged = examination.condition,
        case .moved(let place) = try? quarantine(id, examination.file)
      else { continue }
      moved.append("\(id.short) now lies in \(root.fullPath(place).shown)")
    }
    guard !moved.isEmpty else { return error }
    return StoreError(
      .corrupt, operation: error.operation, subject: error.subject,
      detail: "its blob was changed on the disk: \(moved.joined(separator: "; ")): import it again",
      errno: error.errno, cause: error)
  }
}
