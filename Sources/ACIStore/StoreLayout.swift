import AppcSchema
import SystemPackage

/// The names inside a store, relative to its root (DESIGN.md, section 6).
///
/// All of them are ASCII and made from checked identifiers, never from text that an image brought along.
enum StoreLayout {
  /// What this release writes and reads.
  static let formatVersion = "appc-store 1\n"

  static let version: FilePath = "version"
  static let blobs: FilePath = "blobs/sha512"
  static let images: FilePath = "images"
  static let used: FilePath = "used"
  static let names: FilePath = "names"
  static let trees: FilePath = "trees"
  static let temporary: FilePath = "tmp"
  static let locks: FilePath = "locks"

  /// Every directory of an empty store but the shards, parents first.
  static let directories: [FilePath] = [
    "blobs", blobs, images, used, names, "remotes", trees, temporary, locks,
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
  static func shardDirectory(_ shard: String) -> FilePath { blobs.appending(shard) }

  static func blob(_ id: ImageID) -> FilePath { shardDirectory(shard(of: id)).appending(id.description) }

  static func record(_ id: ImageID) -> FilePath { images.appending("\(id).json") }

  /// A copy of the manifest's bytes.
  static func manifest(_ id: ImageID) -> FilePath { images.appending("\(id).manifest") }

  static func used(_ id: ImageID) -> FilePath { used.appending(id.description) }

  /// The image that a file of `images/` or `used/` is about.
  static func imageID(inFileName name: String) -> ImageID? {
    var text = name.utf8[...]
    for suffix in [".json", ".manifest"] where text.count > suffix.utf8.count {
      if text.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) { text = text.dropLast(suffix.utf8.count) }
    }
    return try? ImageID(String(decoding: text, as: UTF8.self))
  }

  static func tree(_ id: TreeID) -> FilePath { trees.appending(id.description) }

  /// Made and removed with its tree, so whoever has locked it and finds it in its place has the tree.
  static func treeLock(_ id: TreeID) -> FilePath { tree(id).pushing(treeLockName) }

  static let treeLockName: FilePath = "lock"

  /// The lock under which trees whose ID begins so are rendered, so that no work is done twice at once.
  static func renderLock(_ shard: String) -> FilePath { locks.appending("render-\(shard)") }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }
}
