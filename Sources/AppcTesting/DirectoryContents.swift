import Glibc
import SystemPackage

/// Listing and removing what a test has made.
enum DirectoryContents {
  /// Every path below `directory`, relative to it.
  static func names(_ directory: FilePath) throws -> [String] {
    var names: [String] = []
    for child in try children(directory) {
      names.append(child.string)
      let path = directory.pushing(child)
      guard isDirectory(path) else { continue }
      names += try self.names(path).map { "\(child.string)/\($0)" }
    }
    return names
  }

  /// Removes what can be removed; a test that leaves mounts behind leaves its directory too.
  static func remove(_ path: FilePath) {
    if isDirectory(path) {
      _ = path.withPlatformString { chmod($0, 0o700) }
      for child in (try? children(path)) ?? [] { remove(path.pushing(child)) }
      _ = path.withPlatformString { rmdir($0) }
    } else {
      _ = path.withPlatformString { unlink($0) }
    }
  }

  private static func children(_ directory: FilePath) throws -> [FilePath] {
    guard let stream = directory.withPlatformString({ opendir($0) }) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [FilePath] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath(platformString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private static func isDirectory(_ path: FilePath) -> Bool {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
