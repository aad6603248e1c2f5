import ACIArchive
import AppcSchema
import SystemPackage

/// What lies beside the blobs and means nothing without them.
///
/// An import writes records and index entries before the blob, and a removal removes them after it, both under the
/// lock of the shard: what is found without its blob under that lock is garbage.
extension ImageStore {
  /// Removes records, copies of manifests, last-use files and index entries of images that are not there, and
  /// directories of the index that are empty; answers how many files.
  func removeTracesOfMissingImages() throws(StoreError) -> Int {
    let present = Set(try imageIDs())
    var count = 0
    for directory in [StoreLayout.images, StoreLayout.used] {
      for name in try names(in: directory) {
        guard let id = StoreLayout.imageID(inFileName: name), !present.contains(id) else { continue }
        count += try remove(directory.appending(name), of: id) {
          !Kernel.exists(root.descriptor, StoreLayout.blob(id))
        }
      }
    }
    return try count
      + removeIndexEntries { id, _ in
        !present.contains(id) && !Kernel.exists(root.descriptor, StoreLayout.blob(id))
      }
  }

  /// Removes index entries under a name that is not their image's; answers how many.
  func removeMisplacedEntries() throws(StoreError) -> Int {
    try removeIndexEntries { id, entry in
      guard let record = try? storedRecord(of: id) else { return false }
      return NameIndex.entry(id, of: record.name) != entry
    }
  }

  /// Asks of each entry of the index whether it is wrong, and of a wrong one once more under the lock.
  private func removeIndexEntries(where isWrong: (ImageID, FilePath) -> Bool) throws(StoreError) -> Int {
    var count = 0
    for name in try names(in: StoreLayout.names) where name.utf8.first != UInt8(ascii: ".") {
      let directory = StoreLayout.names.appending(name)
      guard (try? Kernel.status(root.descriptor, directory).isDirectory) ?? false else { continue }
      for entry in try names(in: directory) {
        guard let id = try? ImageID(entry) else { continue }
        let path = directory.appending(entry)
        if isWrong(id, path) { count += try remove(path, of: id) { isWrong(id, path) } }
      }
      // Fails while there are entries.
      try? Kernel.unlink(root.descriptor, directory, isDirectory: true)
    }
    return count
  }

  /// Removes a file if it is still garbage under the lock; answers how many that are.
  private func remove(_ file: FilePath, of id: ImageID, if isGarbage: () -> Bool) throws(StoreError) -> Int {
    let shard = try lockShard(of: id)
    guard isGarbage(), Kernel.exists(root.descriptor, file) else { return 0 }
    try attempting("collect", file.shown) { () throws(Errno) in try root.removeFile(file) }
    shard.release()
    return 1
  }

  private func names(in directory: FilePath) throws(StoreError) -> [String] {
    try attempting("collect", directory.shown) { () throws(Errno) in try root.names(in: directory) }
  }
}
