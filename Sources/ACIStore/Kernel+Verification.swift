import ACIArchive
import CAppcLinux
import Glibc
import SystemPackage

/// The calls that only verifying makes.
extension Kernel {
  /// Opens a directory for looking things up in it, on a way that no link and no mount point leads astray.
  static func openDirectoryPath(beneath directory: CInt, _ name: FilePath) throws(Errno) -> OwnedDescriptor {
    let flags = appc_flags_directory_path()
    return OwnedDescriptor(
      taking: try ours { name.withPlatformString { appc_open_beneath(directory, $0, flags, 0) } })
  }

  /// Opens what was a regular file a moment ago, for reading; a pipe in its place does not block.
  static func openToRead(_ directory: CInt, _ name: FilePath) throws(Errno) -> OwnedDescriptor {
    try open(directory, name, O_RDONLY | O_NONBLOCK)
  }

  /// Reads from where the file stands; 0 at its end.
  static func read(_ file: CInt, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try glibc(moving: buffer.count) { Glibc.read(file, buffer.baseAddress, $0) }
  }

  /// The text of a symbolic link.
  static func linkText(_ directory: CInt, _ name: FilePath) throws(Errno) -> [UInt8] {
    var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = try glibc {
      text.withUnsafeMutableBytes { buffer in
        buffer.withMemoryRebound(to: CChar.self) { text in
          guard let start = text.baseAddress else { return 0 }
          return name.withPlatformString { readlinkat(directory, $0, start, text.count) }
        }
      }
    }
    return Array(text.prefix(count))
  }

  /// Changes the permissions of `name` itself, which is no link.
  static func setMode(_ directory: CInt, _ name: FilePath, _ mode: mode_t) throws(Errno) {
    _ = try glibc(name) { fchmodat(directory, $0, mode, AT_SYMLINK_NOFOLLOW) }
  }

  /// Gives `name` itself to a user, and leaves its group.
  static func setOwner(_ directory: CInt, _ name: FilePath, _ user: UInt32) throws(Errno) {
    _ = try glibc(name) { fchownat(directory, $0, user, gid_t.max, AT_SYMLINK_NOFOLLOW) }
  }
}

extension Kernel.Status {
  /// What kind of file it is; nil for a socket, which is in no image.
  var kind: EntryKind? {
    switch mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .directory
    case S_IFLNK: .symbolicLink
    case S_IFIFO: .fifo
    case S_IFCHR: .characterDevice
    case S_IFBLK: .blockDevice
    default: nil
    }
  }
}
