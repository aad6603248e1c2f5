import ACIArchive
import SystemPackage

/// A file outside of the store that appears under its name when it is complete.
///
/// It has no name before that where the file system can do so, else a hidden one beside its final name.
struct OutputFile: ~Copyable {
  private let directory: OwnedDescriptor
  private let file: OwnedDescriptor
  private let name: FilePath
  private let hiddenName: FilePath
  private var isHidden: Bool

  init(at path: FilePath) throws(Errno) {
    guard let last = path.lastComponent else { throw .isDirectory }
    let parent = path.removingLastComponent()
    let directory = OwnedDescriptor(taking: try Kernel.openFollowing(parent.isEmpty ? "." : parent))
    let hiddenName = FilePath(".appc-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))")
    let unnamed = try OutputFile.unnamed(directory.raw)
    let name = FilePath(root: nil, [last])
    if let file = consume unnamed {
      self.init(directory, file, name, hiddenName, false)
    } else {
      let file = OwnedDescriptor(taking: try Kernel.createFile(directory.raw, hiddenName, mode: 0o644))
      self.init(directory, file, name, hiddenName, true)
    }
  }

  private init(
    _ directory: consuming OwnedDescriptor, _ file: consuming OwnedDescriptor, _ name: FilePath,
    _ hiddenName: FilePath, _ isHidden: Bool
  ) {
    self.directory = directory
    self.file = file
    self.name = name
    self.hiddenName = hiddenName
    self.isHidden = isHidden
  }

  /// Nil when the file system has no files without names.
  private static func unnamed(_ directory: Int32) throws(Errno) -> OwnedDescriptor? {
    do throws(Errno) {
      return OwnedDescriptor(taking: try Kernel.openUnnamed(directory, mode: 0o644))
    } catch .notSupported, .isDirectory, .invalidArgument {
      return nil
    }
  }

  deinit {
    if isHidden { try? Kernel.unlink(directory.raw, hiddenName) }
  }

  var descriptor: Int32 { file.raw }

  /// Syncs the file and gives it its name.
  ///
  /// Throws `fileExists` when the name is taken and not to be replaced.
  mutating func publish(overwrite: Bool) throws(Errno) {
    try Kernel.sync(file.raw)
    if !overwrite, !isHidden {
      try Kernel.linkUnnamed(file.raw, directory.raw, name)
    } else {
      // Only a rename replaces atomically, and it needs a name to start from.
      if !isHidden { try Kernel.linkUnnamed(file.raw, directory.raw, hiddenName) }
      isHidden = true
      if overwrite {
        try Kernel.renameOver(directory.raw, hiddenName, directory.raw, name)
      } else {
        try Kernel.renameNew(directory.raw, hiddenName, directory.raw, name)
      }
      isHidden = false
    }
    try Kernel.sync(directory.raw)
  }
}
