package import SystemPackage

/// A file that the user asked for: it appears under its name when it is complete, or not at all.
///
/// It has no name before that where the file system can do so, so that even kill -9 leaves nothing; else a hidden
/// one beside its final name. Its mode is 0644 less the umask, unless another is asked for.
package struct OutputFile: ~Copyable {
  private let directory: OwnedDescriptor
  private let file: OwnedDescriptor
  private let name: FilePath
  private let hiddenName: FilePath
  private var isHidden: Bool

  /// Makes an empty file that is to appear at `path`, its mode `mode` less the umask.
  ///
  /// Throws `isDirectory` when `path` ends in no name, as `/` and `..` do.
  package init(at path: FilePath, mode: UInt32 = 0o644) throws(Errno) {
    guard let last = path.lastComponent, last.kind == .regular else { throw .isDirectory }
    let name = FilePath(root: nil, [last])
    let hiddenName = FilePath.randomName(".appc")
    let directory = try Kernel.openParent(of: path)
    let unnamed = try Kernel.createUnnamed(directory.raw, mode: mode)
    if let file = consume unnamed {
      self.init(directory, file, name, hiddenName, false)
    } else {
      let file = try Kernel.createFile(directory.raw, hiddenName, mode: mode)
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

  deinit {
    if isHidden { try? Kernel.unlink(directory.raw, hiddenName) }
  }

  /// The file, open for reading and writing as long as this value lives.
  package var descriptor: FileDescriptor { file.descriptor }

  /// Syncs the file, gives it its name and syncs that.
  ///
  /// To be called once. Throws `fileExists` when the name is taken and not to be replaced.
  package mutating func publish(overwrite: Bool) throws(Errno) {
    try Kernel.sync(file.raw)
    if isHidden || overwrite {
      try publishByRename(overwrite: overwrite)
    } else {
      try Kernel.linkUnnamed(file.raw, directory.raw, name)
    }
    try Kernel.sync(directory.raw)
  }

  /// Only a rename replaces atomically, and it needs a name to start from.
  private mutating func publishByRename(overwrite: Bool) throws(Errno) {
    if !isHidden { try Kernel.linkUnnamed(file.raw, directory.raw, hiddenName) }
    isHidden = true
    if overwrite {
      try Kernel.renameOver(directory.raw, hiddenName, directory.raw, name)
    } else {
      try Kernel.renameNew(directory.raw, hiddenName, directory.raw, name)
    }
    isHidden = false
  }
}
