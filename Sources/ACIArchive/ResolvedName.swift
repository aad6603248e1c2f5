import Glibc
import SystemPackage

/// What a path leads to, found once: a name, and the directory that has it, which stays open.
///
/// A path is resolved anew by each call that it is given to, and whoever may rename on its way can lead one call here
/// and the next one there.
struct ResolvedName: ~Copyable {
  /// As many links as Linux follows.
  private static let linkLimit = 40

  let directory: OwnedDescriptor
  /// One component, and no link when it was looked at.
  let name: FilePath

  /// Follows the links in `path`, the last component included.
  ///
  /// Throws `invalidArgument` when it ends in no name, as `/` and `..` do.
  init(following path: FilePath) throws(Errno) {
    var name = try ResolvedName.last(of: path)
    var directory = try Kernel.openParent(of: path, reading: false)
    var links = 0
    while try Kernel.mode(directory.raw, name) & S_IFMT == S_IFLNK {
      guard links < ResolvedName.linkLimit else { throw .tooManySymbolicLinkLevels }
      links += 1
      let target = try ResolvedName.target(of: name, in: directory.raw)
      name = try ResolvedName.last(of: target)
      let next = try Kernel.openParent(of: target, from: directory.raw, reading: false)
      directory = next
    }
    // A directory on the way may be one that can be searched but not read; this one is written to.
    self.directory = try Kernel.openDirectory(following: ".", from: directory.raw)
    self.name = name
  }

  private static func last(of path: FilePath) throws(Errno) -> FilePath {
    guard !path.isEmpty else { throw .noSuchFileOrDirectory }
    guard let last = path.lastComponent, last.kind == .regular else { throw .invalidArgument }
    return FilePath(root: nil, [last])
  }

  private static func target(of link: FilePath, in directory: CInt) throws(Errno) -> FilePath {
    // The kernel allows no target of 4096 bytes or more, so a NUL remains at the end.
    var text = [CInterop.PlatformChar](repeating: 0, count: 4097)
    _ = try Kernel.glibc {
      link.withPlatformString { link in
        text.withUnsafeMutableBufferPointer { text in
          text.baseAddress.map { readlinkat(directory, link, $0, text.count - 1) } ?? -1
        }
      }
    }
    return FilePath(platformString: text)
  }
}
