import AppcSchema
import SystemPackage

/// The names inside a store, relative to its root (DESIGN.md, section 6).
///
/// All of them are ASCII and made from checked identifiers, never from text that an image brought along. Each
/// is made at once: to append to a path costs more, for it checks what is there already once more.
enum StoreLayout {
  /// What this release writes and reads.
  static let formatVersion = "appc-store 1\n"

  static let version: FilePath = "version"
  static let blobs: FilePath = "blobs/sha512"
  static let images: FilePath = "images"
  static let used: FilePath = "used"
  static let names: FilePath = "names"
  static let remotes: FilePath = "remotes"
  static let trees: FilePath = "trees"
  static let temporary: FilePath = "tmp"
  static let locks: FilePath = "locks"
  /// Damaged blobs that were put aside.
  static let quarantine: FilePath = "quarantine"

  /// Every directory of an empty store but the shards, parents first.
  static let directories: [FilePath] = [
    "blobs", blobs, images, used, names, remotes, trees, temporary, locks, quarantine,
  ]

  /// The two hex digits that blobs are spread over.
  static let shards: [String] = (0..<256).map { hex(UInt8(truncatingIfNeeded: $0)) }

  /// The two digits of an image.
  static func shard(of id: ImageID) -> String {
    String(decoding: id.hex.utf8.prefix(2), as: UTF8.self)
  }

  /// Where a shard's blobs are.
  ///
  /// Images appear and disappear under a lock on this directory.
  static func shardDirectory(_ shard: String) -> FilePath {
    shardDirectories[shard] ?? FilePath("blobs/sha512/\(shard)")
  }

  private static let shardDirectories = Dictionary(
    uniqueKeysWithValues: shards.map { ($0, FilePath("blobs/sha512/\($0)")) })

  static func blob(_ id: ImageID) -> FilePath { FilePath("blobs/sha512/\(shard(of: id))/\(id)") }

  static func record(_ id: ImageID) -> FilePath { FilePath("images/\(id).json") }

  /// A copy of the manifest's bytes.
  static func manifest(_ id: ImageID) -> FilePath { FilePath("images/\(id).manifest") }

  static func used(_ id: ImageID) -> FilePath { FilePath("used/\(id)") }

  /// The image that a file of `images/` or `used/` is about.
  static func imageID(inFileName name: String) -> ImageID? {
    var text = name.utf8[...]
    for suffix in [".json", ".manifest"] where text.count > suffix.utf8.count {
      if text.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) { text = text.dropLast(suffix.utf8.count) }
    }
    return try? ImageID(String(decoding: text, as: UTF8.self))
  }

  static func tree(_ id: TreeID) -> FilePath { FilePath("trees/\(id)") }

  /// Made and removed with its tree, so whoever has locked it and finds it in its place has the tree.
  static func treeLock(_ id: TreeID) -> FilePath { FilePath("trees/\(id)/lock") }

  static let treeLockName: FilePath = "lock"
  static let treeRootName: FilePath = "rootfs"
  static let treeManifestName: FilePath = "manifest.json"
  static let treeDigestName: FilePath = "digest.json"
  static let treeListingName: FilePath = "tree.mtree"

  /// Where a damaged blob lies: under its own name, or that with a number when others have been put aside
  /// before.
  static func quarantined(_ id: ImageID, number: Int) -> FilePath {
    quarantine.appending(number == 1 ? id.description : "\(id).\(number)")
  }

  /// The record of a damaged blob, moved with it.
  static func quarantinedRecord(_ blob: FilePath) -> FilePath {
    blob.removingLastComponent().appending((blob.lastComponent?.string ?? "") + ".json")
  }

  /// The image that a blob of `quarantine/` was.
  static func imageID(quarantinedAs name: String) -> ImageID? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || Int(parts[1]) != nil else { return nil }
    return try? ImageID(String(parts[0]))
  }

  /// The lock under which trees whose ID begins so are rendered, so that no work is done twice at once.
  static func renderLock(_ shard: String) -> FilePath { locks.appending("render-\(shard)") }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }
}
