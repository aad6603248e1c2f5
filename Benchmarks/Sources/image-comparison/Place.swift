import Glibc
import Measuring
import SystemPackage

/// Where a candidate may make files; a new one each time.
enum Place {
  /// Nowhere: it makes none that count.
  case workspace
  /// An ext4 of its own.
  case freshFileSystem(inodes: Int = 200_000)
  /// A directory of its own in another, on whatever file system that is.
  case directory(FilePath)

  /// Makes the place, and removes it when `body` is done.
  func with<Result>(_ workspace: Workspace, _ body: (FilePath) throws -> Result) throws -> Result {
    switch self {
    case .workspace: return try body(workspace.directory)
    case .freshFileSystem(let inodes):
      let fileSystem = try FreshFileSystem(in: workspace, inodes: inodes)
      defer { fileSystem.remove() }
      return try body(fileSystem.directory)
    case .directory(let parent):
      let directory = try Workspace.makeDirectory(in: parent)
      defer { _ = try? MeasuredCommand(["/bin/rm", "-rf", directory.string]).run(workspace) }
      return try body(directory)
    }
  }
}
