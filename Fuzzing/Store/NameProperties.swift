@testable import ACIStore
import ACIArchive
import AppcSchema
import FuzzSupport
import SystemPackage

/// A file is about the image whose ID is its name, and the names of an image's files are told back.
func checkFileNames(_ text: String) {
  for id in [StoreLayout.imageID(inFileName: text), StoreLayout.imageID(quarantinedAs: text)].compactMap({
    $0
  }) {
    hold(text.utf8.starts(with: id.description.utf8), "a file's name begins with its image's ID: \(text)")
    for path in [StoreLayout.record(id), StoreLayout.manifest(id), StoreLayout.used(id)] {
      holdComponents(of: path, beneath: path.removingLastComponent())
      hold(
        StoreLayout.imageID(inFileName: path.lastComponent?.string ?? "") == id,
        "names are told back: \(path)")
    }
    for number in [1, 2, 17] {
      let path = StoreLayout.quarantined(id, number: number)
      hold(
        StoreLayout.imageID(quarantinedAs: path.lastComponent?.string ?? "") == id, "so are these: \(path)")
      let record = StoreLayout.quarantinedRecord(path).lastComponent?.string ?? ""
      hold(StoreLayout.imageID(quarantinedAs: record) == nil, "a record is not taken for a blob: \(record)")
    }
    hold(StoreLayout.blob(id).string.hasSuffix("/" + id.description), "a blob is named after its ID: \(id)")
    hold(StoreLayout.shards.contains(StoreLayout.shard(of: id)), "a blob lies in a shard: \(id)")
  }
  let name = Array(text.utf8)
  let blob = name.withUnsafeBytes { ImageFileName.imageID($0) }
  hold(
    blob.map { $0.description.hasSameBytes(as: text) } ?? true,
    "a blob has no other name than its ID: \(text)")
}

/// A tree's ID is its name, byte for byte.
func checkTreeID(_ text: String) {
  guard let id = TreeID(text) else { return }
  hold(id.description.hasSameBytes(as: text), "an ID has one spelling: \(text)")
  holdComponents(of: StoreLayout.tree(id), beneath: StoreLayout.trees)
}

/// Different keys have different files, in any case of letters, and no key leads out of the directory.
func checkLockNames(_ bytes: [UInt8]) {
  let keys = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let names = keys.map { key in
    required("every key has a name") { () throws(ArchiveError) in try KeyLockName.name(of: key) }
  }
  for name in names {
    holdComponents(of: FilePath("locks").pushing(name), beneath: "locks")
    hold(KeyLockName.isOne(name), "a lock's name is told to be one: \(name)")
  }
  guard names.count == 2 else { return }
  let isSame = names[0].string.lowercased() == names[1].string.lowercased()
  hold(isSame == keys[0].elementsEqual(keys[1]), "different keys have different files: \(names)")
}

/// A name's directory lies where names do; short names have directories of their own.
func checkNameIndex(_ text: String) {
  let names = text.split(separator: "\n", maxSplits: 1).compactMap { name in
    accepted { () throws(SchemaError) in try ACIdentifier(String(name), mode: .tolerant) }
  }
  let directories = names.map(NameIndex.directory)
  for directory in directories { holdComponents(of: directory, beneath: StoreLayout.names) }
  for directory in directories {
    hold(directory != NameIndex.marker, "no name is the marker's: \(directory)")
  }
  guard names.count == 2, names.allSatisfy({ $0.text.utf8.count <= 200 }) else { return }
  hold(
    (names[0] == names[1]) == (directories[0] == directories[1]), "names do not share directories: \(names)")
}

/// What a whitelist lets through lies in the root file system.
func checkWhitelist(_ text: String) {
  let list = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let whitelist = accepted { () throws(StoreError) in try PathWhitelist(list, of: "fuzzed.example/image") }
  guard let whitelist, let whitelist else { return }
  hold(whitelist.paths.contains(.rootfs), "a whitelist keeps the root: \(list)")
  hold(whitelist.paths.allSatisfy { $0.starts(with: .rootfs) }, "a whitelist lists nothing else: \(list)")
  hold(whitelist.paths.count <= list.count + 1, "a whitelist has no more than was listed: \(list)")
  let same = PathWhitelist.intersection(whitelist, whitelist)
  hold(same == whitelist, "a whitelist loses nothing to itself: \(list)")
}

/// A prefix matches just the IDs that begin so.
func checkPrefix(_ text: String) {
  let prefix = accepted { () throws(SchemaError) in try ImageIDPrefix(text) }
  guard let prefix else { return }
  hold(prefix.description.hasSameBytes(as: text), "a prefix has one spelling: \(text)")
  let digits = prefix.hex + String(repeating: "0", count: 128 - prefix.hex.utf8.count)
  let id = required("digits make an ID") { () throws(SchemaError) in try ImageID("sha512-" + digits) }
  hold(prefix.matches(id), "a prefix matches what begins so: \(text)")
  let name = Array(id.description.utf8)
  let found = name.withUnsafeBytes { ImageFileName.imageID($0, beginningWith: Array(text.utf8)) }
  hold(found == id, "and finds its file: \(text)")
}

/// A path of the store has one name beneath its directory, which every file system takes.
private func holdComponents(of path: FilePath, beneath directory: FilePath) {
  hold(path.isRelative && path.starts(with: directory), "it lies beneath \(directory): \(path)")
  hold(path.components.count == directory.components.count + 1, "it is one name: \(path)")
  let name = path.lastComponent?.string ?? ""
  hold(name != "." && name != ".." && name.utf8.count <= 255, "it is a file's name: \(path)")
  hold(name.utf8.allSatisfy { (0x21..<0x7F).contains($0) }, "it is plain text: \(path)")
}
