import ACIArchive
import AppcSchema
import SystemPackage

/// The index from names to images: `names/<name>/<image ID>`, empty files.
///
/// An entry is written before its image appears and removed after it is gone, and readers look whether the
/// image is there, so within one boot the index never misses an image. It is not synced: a power cut may
/// take entries, so `names/.boot` says in which boot the index was last made complete.
enum NameIndex {
  static let marker: FilePath = "names/.boot"

  /// Directory of a name.
  ///
  /// A name has only `a-z0-9-._~/`, so a comma is free to stand for the slash. Long names share a directory
  /// with those that begin alike; the records tell them apart.
  static func directory(of name: ACIdentifier) -> FilePath { FilePath("names/\(directoryName(name))") }

  static func entry(_ id: ImageID, of name: ACIdentifier) -> FilePath {
    FilePath("names/\(directoryName(name))/\(id)")
  }

  private static func directoryName(_ name: ACIdentifier) -> String {
    let bytes = name.text.utf8.prefix(200).map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ",") : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What tells this boot from any other; nil where the kernel does not say.
  static func currentBoot() -> [UInt8]? {
    guard
      let file = try? Kernel.open(Kernel.workingDirectory, "/proc/sys/kernel/random/boot_id", 0)
    else { return nil }
    return try? Kernel.readAll(file, limit: 64)
  }
}

extension ImageStore {
  func addToIndex(_ record: ImageRecord) throws(StoreError) {
    try attempting("index", record.id.short) { () throws(Errno) in
      let entry = NameIndex.entry(record.id, of: record.name)
      while true {
        do throws(Errno) {
          return try Kernel.makeFile(root.descriptor, entry)
        } catch .noSuchFileOrDirectory {
          // Who removes the last image of the name removes the directory, maybe right after it was made here.
          try root.makeDirectory(NameIndex.directory(of: record.name))
        }
      }
    }
  }

  func removeFromIndex(_ record: ImageRecord) {
    try? root.removeFile(NameIndex.entry(record.id, of: record.name))
    // Fails while other images of the name are there.
    try? Kernel.unlink(root.descriptor, NameIndex.directory(of: record.name), isDirectory: true)
  }

  /// The records of all images that have this name.
  func images(named name: ACIdentifier) throws(StoreError) -> [ImageRecord] {
    // Images are found, to be removed for one thing, also where nothing can be written.
    guard (try? completeIndex()) != nil else { return try images().filter { $0.name == name } }
    let entries = try attempting("look up", name.text) { () throws(Errno) in
      try root.names(in: NameIndex.directory(of: name))
    }
    var records: [ImageRecord] = []
    for id in entries.compactMap({ try? ImageID($0) }) {
      if let record = try presentRecord(of: id), record.name == name { records.append(record) }
    }
    return records
  }

  /// Adds what a power cut may have taken from the index, once in each boot.
  private func completeIndex() throws(StoreError) {
    if let boot = NameIndex.currentBoot(),
      let marked = try? root.contents(of: NameIndex.marker, limit: 64), marked == boot
    {
      return
    }
    for id in try imageIDs() {
      if let record = try presentRecord(of: id) { try addToIndex(record) }
    }
    try markIndexComplete()
  }

  /// Notes that the index was made complete in this boot.
  func markIndexComplete() throws(StoreError) {
    guard let boot = NameIndex.currentBoot() else { return }
    try root.put(boot, as: NameIndex.marker, for: "index", root.path.shown)
  }
}
