import Glibc
import SystemPackage

/// Removes a whole directory whose content an image chose: no link is followed, and no depth or number of
/// entries makes it fail.
struct TreeRemoval: ~Copyable {
  /// How many directories are open at once.
  ///
  /// What lies deeper is moved up beside the top first.
  private static let depthLimit = 64

  private let top: OwnedDescriptor
  private var moved = 0

  private init(top: consuming OwnedDescriptor) { self.top = top }

  /// Removes the directory `path` and everything in it; that it is gone already is no error.
  static func remove(_ path: FilePath) throws(Errno) {
    let top: OwnedDescriptor
    do {
      top = try SmallFile.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    } catch Errno.noSuchFileOrDirectory {
      return
    }
    var removal = TreeRemoval(top: top)
    // What was moved up while emptying is found by looking again.
    let root = removal.top.descriptor
    repeat {
      removal.moved = 0
      try removal.empty(root, depth: 0)
    } while removal.moved > 0
    guard path.withPlatformString({ rmdir($0) }) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
  }

  private mutating func empty(_ directory: FileDescriptor, depth: Int) throws(Errno) {
    for name in try DirectoryListing.names(in: try reopened(directory)) {
      if try unlink(name, in: directory, flags: 0) { continue }
      if depth < Self.depthLimit {
        let child: OwnedDescriptor
        do {
          child = try self.child(name, of: directory)
        } catch Errno.noSuchFileOrDirectory {
          // Somebody else is removing the same tree.
          continue
        }
        try empty(child.descriptor, depth: depth + 1)
        _ = try unlink(name, in: directory, flags: AT_REMOVEDIR)
      } else {
        try moveUp(name, from: directory)
      }
    }
  }

  /// Removes an entry; false when it is a directory.
  private func unlink(_ name: [UInt8], in directory: FileDescriptor, flags: Int32) throws(Errno) -> Bool {
    let outcome = withCString(name) { unlinkat(directory.rawValue, $0, flags) }
    if outcome == 0 || errno == ENOENT { return true }
    if flags == 0 && (errno == EISDIR || errno == EPERM) { return false }
    // Not empty because something was moved up into it: the next round finds it.
    if flags != 0 && (errno == ENOTEMPTY || errno == EEXIST) { return false }
    throw Errno(rawValue: errno)
  }

  private func child(_ name: [UInt8], of directory: FileDescriptor) throws(Errno) -> OwnedDescriptor {
    let opened = withCString(name) {
      openat(directory.rawValue, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard opened >= 0 else { throw Errno(rawValue: errno) }
    return OwnedDescriptor(FileDescriptor(rawValue: opened))
  }

  private func reopened(_ directory: FileDescriptor) throws(Errno) -> OwnedDescriptor {
    try child(Array(".".utf8), of: directory)
  }

  private mutating func moveUp(_ name: [UInt8], from directory: FileDescriptor) throws(Errno) {
    for attempt in 0..<1_000_000 {
      let new = Array(".removing-\(moved)-\(attempt)".utf8)
      let outcome = withCString(name) { from in
        withCString(new) { to in renameat(directory.rawValue, from, top.rawValue, to) }
      }
      if outcome == 0 {
        moved += 1
        return
      }
      guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else { throw Errno(rawValue: errno) }
    }
    throw Errno.fileExists
  }

  private func withCString<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (name + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // Never empty: a NUL was added.
        characters.baseAddress.map(body) ?? "".withCString(body)
      }
    }
  }
}
