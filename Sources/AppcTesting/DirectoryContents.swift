import ACIArchive
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

  /// Removes a directory with everything in it; a test that leaves mounts behind leaves its directory too.
  static func remove(_ path: FilePath) {
    guard let name = path.lastComponent else { return }
    let parent = path.removingLastComponent()
    guard let directory = try? Kernel.openDirectory(following: parent) else { return }
    try? TreeRemoval.remove(FilePath(root: nil, components: name), in: directory.raw)
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
