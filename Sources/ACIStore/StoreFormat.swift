import ACIArchive
import SystemPackage

/// Makes the directories of a new store and recognises those of an old one.
enum StoreFormat {
  /// Leaves `root` a store of the version that this release knows.
  ///
  /// `version` is written last: a store that was cut short while it was made is simply made again. Several
  /// processes may do so at once.
  static func prepare(_ root: StoreRoot) throws(StoreError) {
    if try isCurrent(root) { return }
    try attempting("open store", root.path.shown) { () throws(Errno) in try makeDirectories(root) }
    let format = Array(StoreLayout.formatVersion.utf8)
    try root.put(format, as: StoreLayout.version, for: "open store", root.path.shown, synced: true)
    try attempting("open store", root.path.shown) { () throws(Errno) in try Kernel.sync(root.descriptor)
    }
  }

  private static func isCurrent(_ root: StoreRoot) throws(StoreError) -> Bool {
    let found = try attempting("open store", root.path.shown) { () throws(Errno) in
      try root.contents(of: StoreLayout.version, limit: 256)
    }
    guard let found else { return false }
    guard found == Array(StoreLayout.formatVersion.utf8) else {
      throw StoreError(
        .unknownVersion, operation: "open store", subject: root.path.shown,
        detail: "another release of appc wrote it in another format: use that one, or another directory")
    }
    return true
  }

  private static func makeDirectories(_ root: StoreRoot) throws(Errno) {
    for directory in StoreLayout.directories + StoreLayout.shards.map(StoreLayout.shardDirectory) {
      try root.makeDirectory(directory)
    }
    for directory in [StoreLayout.blobs, "blobs"] { try root.syncDirectory(directory) }
  }
}
