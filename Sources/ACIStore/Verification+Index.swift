import ACIArchive
import AppcSchema
import SystemPackage

extension Verification {
  /// Records and copies of manifests: none may be of an image that is not there.
  mutating func checkRecordFiles() throws(StoreError) {
    for name in try names(in: StoreLayout.images) {
      let path = StoreLayout.images.appending(name)
      try look(at: .path(path)) { (it) throws(StoreError) in
        try it.checkFile(path, .small)
        if let id = StoreLayout.imageID(inFileName: name) { _ = try it.isLeftover(path, of: id) }
      }
    }
  }

  /// Entries of the index: each must lead to an image of the name.
  mutating func checkIndex() throws(StoreError) {
    for name in try names(in: StoreLayout.names) where name.utf8.first != UInt8(ascii: ".") {
      let directory = StoreLayout.names.appending(name)
      try look(at: .path(directory)) { (it) throws(StoreError) in
        try it.checkFile(directory, .directory)
        for entry in try it.names(in: directory) {
          guard let id = try? ImageID(entry) else { continue }
          try it.checkIndexEntry(directory.appending(entry), of: id, in: directory)
        }
      }
    }
  }

  private mutating func checkIndexEntry(
    _ entry: FilePath, of id: ImageID, in directory: FilePath
  ) throws(StoreError) {
    try checkFile(entry, .small)
    if try isLeftover(entry, of: id) { return }
    // Where the record itself is wrong, that was told of with its image.
    let isKnown = report.findings.contains { $0.subject == .image(id) && $0.problem == .wrongRecord }
    guard !isKnown, let record = try store.storedRecord(of: id),
      NameIndex.directory(of: record.name) != directory
    else { return }
    note(.wrongIndex, .path(entry), "the image's name is \(record.name)", .removed, by: removal(of: entry))
  }

  /// Whether a file belongs to an image that is not there; it is then removed.
  ///
  /// An import writes such files before its blob, and a removal removes them after it, both under the shard's
  /// lock.
  private mutating func isLeftover(_ path: FilePath, of id: ImageID) throws(StoreError) -> Bool {
    guard try store.blobStatus(id) == nil else { return false }
    let shard = try store.lockShard(of: id)
    guard try store.blobStatus(id) == nil else { return false }
    if Kernel.exists(store.root.descriptor, path) {
      note(.leftover, .path(path), "its image is not in the store", .removed, by: removal(of: path))
    }
    shard.release()
    return true
  }

  func removal(of path: FilePath) -> () throws(StoreError) -> Void {
    let root = store.root
    return { () throws(StoreError) in
      try attempting("remove", path.shown) { () throws(Errno) in try root.removeFile(path) }
    }
  }
}
