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
  static func directory(of name: ACIdentifier) -> FilePath {
    let bytes = name.text.utf8.prefix(200).map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ",") : $0 }
    return StoreLayout.names.appending(String(decoding: bytes, as: UTF8.self))
  }

  static func entry(_ id: ImageID, of name: ACIdentifier) -> FilePath {
    directory(of: name).appending(id.description)
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
      do throws(Errno) {
        try Kernel.makeFile(root.descriptor, entry)
      } catch .noSuchFileOrDirectory {
        try root.makeDirectory(NameIndex.directory(of: record.name))
        try Kernel.makeFile(root.descriptor, entry)
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
    try completeIndex()
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
    let boot = NameIndex.currentBoot()
    if let boot, let marked = try? root.contents(of: NameIndex.marker, limit: 64), marked == boot { return }
    for id in try imageIDs() {
      if let record = try presentRecord(of: id) { try addToIndex(record) }
    }
    guard let boot else { return }
    try root.put(boot, as: NameIndex.marker, for: "index", root.path.shown)
  }
}
