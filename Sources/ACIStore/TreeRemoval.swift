import Glibc
import SystemPackage

/// Removes a directory with everything in it, by descriptor: no link is followed, no path is joined, and a
/// directory without permissions for its owner is no obstacle.
enum TreeRemoval {
  /// One descriptor is open for each level above the current one, up to this many.
  private static let maxOpenLevels = 48

  /// Removes `name` of `parent`, whatever it is; nothing there is as good.
  static func remove(_ parent: Int32, _ name: FilePath) throws(Errno) {
    do {
      try Kernel.unlink(parent, name)
    } catch .noSuchFileOrDirectory {
    } catch .isDirectory, .notPermitted {
      try removeDirectory(parent, name, level: 0, top: nil)
    }
  }

  private static func removeDirectory(
    _ parent: Int32, _ name: FilePath, level: Int, top: Int32?
  ) throws(Errno) {
    var stream = try DirectoryStream(adopting: openForRemoval(parent, name))
    var removed = true
    // A directory that changes while it is read may skip names: read until a pass finds none.
    while removed {
      removed = false
      stream.rewind()
      while let entry = try stream.next() {
        try remove(entry, in: stream.descriptor, level: level, top: top ?? stream.descriptor)
        removed = true
      }
    }
    try Kernel.unlink(parent, name, isDirectory: true)
  }

  private static func remove(
    _ entry: DirectoryStream.Entry, in directory: Int32, level: Int, top: Int32
  ) throws(Errno) {
    if !entry.isDirectory {
      do {
        try Kernel.unlink(directory, entry.name)
        return
      } catch .noSuchFileOrDirectory {
        return
      } catch .isDirectory {}
    }
    if level < maxOpenLevels {
      try removeDirectory(directory, entry.name, level: level + 1, top: top)
    } else {
      // The top is read until it is empty, so it comes to this one later, at level 1.
      let token = String(UInt64.random(in: 0...UInt64.max), radix: 16)
      try Kernel.renameNew(directory, entry.name, top, FilePath("removed-\(token)"))
    }
  }

  private static func openForRemoval(_ parent: Int32, _ name: FilePath) throws(Errno) -> Int32 {
    // Root reads and writes any directory; an owner has to give himself the permissions first.
    if Kernel.effectiveUser() != 0 { try? Kernel.setMode(parent, name, 0o700) }
    return try Kernel.openDirectory(parent, name)
  }
}
