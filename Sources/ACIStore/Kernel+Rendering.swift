import ACIArchive
import Glibc
import SystemPackage

/// The calls that only rendering from files makes.
extension Kernel {
  /// Opens a file that the user named, through links if there are any, for reading; a pipe does not block.
  static func openFile(following path: FilePath) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      taking: try glibc(path) { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) })
  }

  /// Goes back to the start of a file.
  static func rewind(_ file: Int32) throws(Errno) {
    _ = try glibc { lseek(file, 0, SEEK_SET) }
  }
}
