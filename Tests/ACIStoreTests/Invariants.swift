import ACIArchive
import AppcSchema
import Glibc
import SystemPackage

@testable import ACIStore

/// What holds in a store, whatever failed or was killed.
struct Invariants {
  private let store: ImageStore
  private let root: String
  private let blobs: [(shard: String, name: String)]
  private var findings: [String] = []

  /// What does not hold of that which holds at every moment, in words.
  static func violations(in store: ImageStore) throws -> [String] {
    var check = try Invariants(store)
    try check.findStrangers()
    try check.findDamagedBlobs()
    try check.findDamagedRecords()
    try check.findDamagedTrees()
    return check.findings
  }

  /// What operations that were cut short have left, in words: nothing, after a collection.
  static func leftovers(in store: ImageStore) throws -> [String] {
    var check = try Invariants(store)
    try check.findLeftovers()
    return check.findings
  }

  private init(_ store: ImageStore) throws {
    self.store = store
    let root = store.path.string
    self.root = root
    blobs = try names(FilePath("\(root)/blobs/sha512")).flatMap { shard in
      try Invariants.entries("\(root)/blobs/sha512/\(shard)").map { (shard, $0) }
    }
  }

  private var images: [ImageID] { blobs.compactMap { try? ImageID($0.name) } }

  private func path(_ name: String) -> FilePath { FilePath("\(root)/\(name)") }

  /// As `names(_:)`, for a path that is a String: to make the paths of 256 shards takes a debug build longer than
  /// an import.
  private static func entries(_ directory: String) throws -> [String] {
    guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private mutating func expect(_ holds: Bool, _ otherwise: @autoclosure () -> String) {
    if !holds { findings.append(otherwise()) }
  }
}

// MARK: At every moment

extension Invariants {
  /// Nothing has a name that no reader knows, outside of `tmp`.
  private mutating func findStrangers() throws {
    let known = Set(StoreLayout.directories.compactMap { $0.components.first?.string } + ["version"])
    for name in try names(store.path) { expect(known.contains(name), "\(name) is no part of a store") }
    let format = try contents(of: path("version"))
    expect(format == Array(StoreLayout.formatVersion.utf8), "version is not what was written")
  }

  /// Every blob hashes to its name.
  private mutating func findDamagedBlobs() throws {
    for (shard, name) in blobs {
      let blob = path("blobs/sha512/\(shard)/\(name)")
      expect(try digest(of: blob).description == name, "blob \(name) does not hash to its name")
      expect(name.hasPrefix("sha512-\(shard)"), "blob \(name) is in shard \(shard)")
      expect(try mode(of: blob) == 0o400, "blob \(name) can be written")
    }
  }

  /// Every record and copy of a manifest can be read.
  private mutating func findDamagedRecords() throws {
    for name in try names(path("images")) {
      guard let id = StoreLayout.imageID(inFileName: name) else {
        findings.append("images/\(name) is of no image")
        continue
      }
      let bytes = try contents(of: path("images/\(name)"))
      let isRead =
        name.hasSuffix(".json") ? ImageRecord(bytes, of: id) != nil : (try? ImageManifest.read(bytes)) != nil
      expect(isRead, "images/\(name) cannot be read")
    }
  }

  /// Every tree is whole.
  private mutating func findDamagedTrees() throws {
    for name in try names(path("trees")) {
      guard let id = TreeID(name) else {
        findings.append("trees/\(name) is no tree")
        continue
      }
      let parts = try names(path("trees/\(name)"))
      expect(
        Set(parts).isSuperset(of: ["digest.json", "lock", "manifest.json", "rootfs"]),
        "tree \(id) has only \(parts)")
      expect(store.treeDigest(id) != nil, "the digest of tree \(id) cannot be read")
    }
  }
}

// MARK: After a collection

extension Invariants {
  /// Nothing unfinished is there, and nothing of an image that is not; every image is found by its name.
  private mutating func findLeftovers() throws {
    let unfinished = try names(path("tmp"))
    expect(unfinished.isEmpty, "tmp holds \(unfinished)")
    let images = images
    let files =
      try names(path("images")).compactMap(StoreLayout.imageID(inFileName:))
      + names(path("used")).compactMap { try? ImageID($0) }
    for id in Set(files).subtracting(images) { findings.append("\(id.short) left a file") }
    var named: Set<ImageID> = []
    for directory in try names(path("names")) where !directory.hasPrefix(".") {
      let ids = try names(path("names/\(directory)")).compactMap { try? ImageID($0) }
      expect(!ids.isEmpty, "the name \(directory) is of no image")
      for id in Set(ids).subtracting(images) { findings.append("\(id.short) left the name \(directory)") }
      named.formUnion(ids)
    }
    expect(named.isSuperset(of: images), "an image is not found by its name")
  }
}

// MARK: Looking

/// The image ID of a file's bytes.
func digest(of path: FilePath) throws -> ImageID {
  var digest = try ImageDigest()
  let bytes = try contents(of: path)
  try bytes.withUnsafeBytes { try digest.update($0) }
  return try digest.finish()
}

/// What lies in a directory: a line for each path with kind, mode, owner, links, time and content.
func fingerprint(of directory: FilePath) throws -> [String] {
  try fingerprint(of: directory.string, as: "")
}

/// Paths are Strings here, which a debug build is quicker at.
private func fingerprint(of directory: String, as prefix: String) throws -> [String] {
  try names(FilePath(directory)).flatMap { name in
    let path = "\(directory)/\(name)"
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Errno(rawValue: errno) }
    var line =
      "\(prefix)\(name) \(String(status.st_mode, radix: 8)) \(status.st_uid):\(status.st_gid) \(status.st_nlink) "
      + "\(status.st_mtim.tv_sec)"
    switch status.st_mode & S_IFMT {
    case S_IFREG: line += " \(try digest(of: FilePath(path)).short)"
    case S_IFDIR: return [line] + (try fingerprint(of: path, as: "\(prefix)\(name)/"))
    default: break
    }
    return [line]
  }
}

extension ImageStore {
  /// A listing opens each of 256 shards: without those that are empty there are fewer calls that are all alike.
  func removeEmptyShards() {
    for shard in StoreLayout.shards {
      _ = path.pushing(StoreLayout.shardDirectory(shard)).withPlatformString { rmdir($0) }
    }
  }
}
