import ACIArchive
public import AppcSchema
public import SystemPackage

/// The promise that a rendered tree is not collected.
///
/// A shared `flock` on the tree's lock file, held as long as this object, or any descriptor duplicated from its
/// own, is open in any process: hand `descriptor` to the process that uses the tree, and let this one go.
public final class TreeLease: Sendable {
  /// The tree that is kept.
  public let tree: TreeID
  private let lock: FileLock

  init(tree: TreeID, lock: consuming FileLock) {
    self.tree = tree
    self.lock = lock
  }

  /// The lock's descriptor, on a regular file, close-on-exec; valid as long as this object lives.
  public var descriptor: FileDescriptor { lock.descriptor }
}

extension ImageStore {
  /// Keeps a rendered tree from being collected.
  ///
  /// Throws `notFound` when it was collected since it was rendered: render it again.
  public func lease(_ tree: RenderedTree) throws(StoreError) -> TreeLease {
    do {
      let lock = try lock(StoreLayout.treeLock(tree.id), .shared)
      // The lock file's time is the tree's last use.
      try? Kernel.touch(lock.descriptor.rawValue)
      return TreeLease(tree: tree.id, lock: lock)
    } catch {
      guard error.code == .notFound else { throw error }
      throw StoreError(
        .notFound, operation: "lease", subject: "\(tree.id)",
        detail: "the tree was collected: render the image again")
    }
  }

  /// The image that a tree was rendered of; nil when there is no such tree, or it cannot tell.
  package func image(of tree: TreeID) -> ImageID? { treeDigest(tree)?.image }

  /// Renders an image and keeps the tree, whatever a collector does meanwhile.
  public func renderLeased(_ id: ImageID) throws(StoreError) -> (tree: RenderedTree, lease: TreeLease) {
    while true {
      let tree = try render(id)
      do {
        return (tree, try lease(tree))
      } catch {
        guard error.code == .notFound else { throw error }
      }
    }
  }
}
