import Glibc
package import SystemPackage

extension OutputFile {
  /// Makes an empty file that is to take the place of the regular file at `path`, with its owner and permissions.
  ///
  /// A link is followed: what it leads to is replaced, and the link stays. The new file has its owner and mode
  /// before it holds a byte, for the old one may be secret. The bits that give rights to who executes a file are
  /// not kept. To be published with `overwrite`.
  ///
  /// Throws `notPermitted` when the caller may not give a file to that owner, `invalidArgument` for what is no
  /// regular file.
  package static func replacing(_ path: FilePath) throws(Errno) -> OutputFile {
    let place = try resolved(path)
    var status = stat()
    _ = try Kernel.glibc(place) { lstat($0, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
    let file = try OutputFile(at: place)
    let raw = file.descriptor.rawValue
    _ = try Kernel.glibc { fchown(raw, status.st_uid, status.st_gid) }
    _ = try Kernel.glibc { fchmod(raw, status.st_mode & 0o777) }
    return file
  }

  private static func resolved(_ path: FilePath) throws(Errno) -> FilePath {
    guard let real = path.withPlatformString({ realpath($0, nil) }) else { throw Errno(rawValue: errno) }
    defer { free(real) }
    return FilePath(platformString: real)
  }
}
