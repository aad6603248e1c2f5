import ACIArchive
import SystemPackage

/// Finds files of a rendered tree by directory and name, and keeps the last directory open: listings mostly go
/// directory by directory.
struct TreePlace: ~Copyable {
  private let tree: CInt
  private var path: [UInt8] = []
  private var opened: OwnedDescriptor?

  /// Looks beneath the directory `tree`, which holds `rootfs` and stays open.
  init(tree: CInt) {
    self.tree = tree
  }

  /// The directory of a path beneath the root file system, open for looking things up until the next call, and
  /// the path's name in it.
  mutating func locate(_ path: [UInt8]) throws(Errno) -> (directory: CInt, name: FilePath) {
    guard !path.isEmpty else { return (tree, StoreLayout.treeRootName) }
    let full = Array(StoreLayout.treeRootName.string.utf8) + [UInt8(ascii: "/")] + path
    let end = full.lastIndex(of: UInt8(ascii: "/")) ?? 0
    let name = FilePath(bytes: full[(end + 1)...])
    if let raw = opened?.raw, self.path.elementsEqual(full[..<end]) { return (raw, name) }
    let directory = try Kernel.openDirectoryPath(beneath: tree, FilePath(bytes: full[..<end]))
    let raw = directory.raw
    opened = consume directory
    self.path = Array(full[..<end])
    return (raw, name)
  }
}
