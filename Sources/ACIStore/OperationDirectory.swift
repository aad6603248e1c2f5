import ACIArchive
import SystemPackage

/// A private directory in `tmp/` for what an operation has not finished yet, removed with the value.
///
/// It is locked exclusively as long as the operation lives. The kernel drops the lock when the process dies,
/// so the collector takes exactly the directories that nobody works in, without clocks or process ids.
struct OperationDirectory: ~Copyable {
  let name: FilePath
  private let root: StoreRoot
  private let lock: OwnedDescriptor

  init(for operation: String, in root: StoreRoot) throws(StoreError) {
    self = try attempting(operation, root.path.shown) { () throws(Errno) in
      try OperationDirectory.create(operation, root)
    }
  }

  private init(name: FilePath, root: StoreRoot, lock: consuming OwnedDescriptor) {
    self.name = name
    self.root = root
    self.lock = lock
  }

  deinit {
    // What cannot be removed now is left to the collector: the lock is gone with this value.
    try? TreeRemoval.remove(name, in: root.descriptor)
  }

  var descriptor: Int32 { lock.raw }

  private static func create(
    _ operation: String, _ root: StoreRoot
  ) throws(Errno) -> OperationDirectory {
    while true {
      let name = StoreLayout.temporary.pushing(.randomName(operation))
      do {
        try Kernel.makeDirectory(root.descriptor, name)
      } catch .fileExists {
        continue
      }
      if let lock = try claim(name, root) {
        return OperationDirectory(name: name, root: root, lock: lock)
      }
    }
  }

  /// Nil when the collector was faster: it may see the directory before the lock is on it.
  private static func claim(_ name: FilePath, _ root: StoreRoot) throws(Errno) -> OwnedDescriptor? {
    do {
      let directory = try root.openDirectory(name)
      guard try Kernel.lock(directory.raw, exclusive: true, wait: false) else { return nil }
      let held = try Kernel.status(directory.raw)
      guard try Kernel.status(root.descriptor, name).isSameFile(as: held) else { return nil }
      return directory
    } catch .noSuchFileOrDirectory {
      return nil
    }
  }
}
