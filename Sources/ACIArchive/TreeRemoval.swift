import Glibc
package import SystemPackage

/// Removes a tree whose content an image chose, by descriptor.
///
/// No link is followed and no mount point entered; names are bytes; a directory that forbids its owner everything
/// is no obstacle; no depth or number of entries takes more than a fixed number of descriptors.
package enum TreeRemoval {
  /// How many levels beneath the top are open at once, a descriptor each.
  private static let openLevels = 48

  /// Removes `name` of `directory`, whatever it is; nothing there is as good.
  ///
  /// Blocks. Stops at the first thing that cannot be removed and throws the kernel's reason: `resourceBusy` for a
  /// mount point.
  package static func remove(_ name: FilePath, in directory: CInt) throws(Errno) {
    try remove(name, in: directory, level: 0, top: nil)
  }

  private static func remove(
    _ name: FilePath, in parent: CInt, level: Int, top: CInt?
  ) throws(Errno) {
    do throws(Errno) {
      return try Kernel.unlink(parent, name)
    } catch .noSuchFileOrDirectory {
      return
    } catch .isDirectory {}
    let directory = try openForRemoval(name, in: parent)
    if let top, level > openLevels {
      // The top is read until it is empty, so it comes to this one later, at level 1.
      return try Kernel.renameNew(parent, name, top, .randomName("removed"))
    }
    try empty(directory, level: level, top: top)
    try Kernel.unlink(parent, name, isDirectory: true)
  }

  private static func empty(
    _ directory: consuming OwnedDescriptor, level: Int, top: CInt?
  ) throws(Errno) {
    var stream = try DirectoryStream(adopting: directory)
    var removed = true
    // A directory that changes while it is read may skip names: read until a pass finds none.
    while removed {
      removed = false
      stream.rewind()
      while let name = try stream.next() {
        try remove(name, in: stream.descriptor, level: level + 1, top: top ?? stream.descriptor)
        removed = true
      }
    }
  }

  /// Opens a directory and lets its owner change it, which moving it takes as well as emptying it.
  private static func openForRemoval(_ name: FilePath, in parent: CInt) throws(Errno) -> OwnedDescriptor {
    let directory: OwnedDescriptor
    do throws(Errno) {
      directory = try Kernel.openDirectory(beneath: parent, name)
    } catch .permissionDenied {
      // Where this fails, opening says why.
      _ = try? Kernel.glibc(name) { fchmodat(parent, $0, 0o700, AT_SYMLINK_NOFOLLOW) }
      return try Kernel.openDirectory(beneath: parent, name)
    } catch .improperLink {
      throw .resourceBusy
    }
    // Where this fails, the kernel says why when something is removed.
    try? unlock(directory.raw)
    return directory
  }

  /// Lets the owner of a directory do everything with it.
  private static func unlock(_ directory: CInt) throws(Errno) {
    var status = stat()
    _ = try Kernel.glibc { fstat(directory, &status) }
    guard status.st_mode & S_IRWXU != S_IRWXU else { return }
    _ = try Kernel.glibc { fchmod(directory, 0o700) }
  }
}
