import ACIArchive
import SystemPackage

/// What became of a tree that was to be removed.
enum TreeRemovalOutcome: Equatable {
  case removed
  /// A pod holds it, or is to.
  case inUse
  /// It was collected meanwhile.
  case gone
}

extension ImageStore {
  /// Removes a tree that nobody holds, if it is still the one that is open as `tree`.
  ///
  /// It is gone in one step, and needs no disk space for that: its own directory, locked, becomes the
  /// operation's directory in `tmp/`, as `OperationDirectory` makes them. What kill -9 leaves there is
  /// collected.
  func removeTree(
    _ id: TreeID, _ tree: CInt, isPinned: (TreeID) -> Bool
  ) throws(StoreError) -> TreeRemovalOutcome {
    let lock: FileLock?
    do throws(StoreError) {
      lock = try FileLock.ifFree(in: tree, StoreLayout.treeLockName, .exclusive)
      guard lock != nil else { return .inUse }
    } catch {
      // Without the file that is locked, nobody can hold the tree.
      guard error.code == .notFound else { throw error }
      lock = nil
    }
    guard !isPinned(id) else { return .inUse }
    let name = StoreLayout.temporary.pushing(.randomName("removed"))
    do throws(Errno) {
      let held = try Kernel.openDirectory(root.descriptor, StoreLayout.tree(id))
      guard try Kernel.status(held.raw).isSameFile(as: try Kernel.status(tree)) else { return .gone }
      guard try Kernel.lock(held.raw, exclusive: true, wait: false) else { return .inUse }
      try Kernel.renameNew(root.descriptor, StoreLayout.tree(id), root.descriptor, name)
      try? root.syncDirectory(StoreLayout.trees)
      try? TreeRemoval.remove(name, in: root.descriptor)
      return .removed
    } catch .noSuchFileOrDirectory {
      return .gone
    } catch {
      throw StoreError(system: error, operation: "remove", subject: id.short)
    }
  }
}
