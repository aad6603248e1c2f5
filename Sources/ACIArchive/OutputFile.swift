package import SystemPackage

/// A file that the user asked for: it appears under its name when it is complete, or not at all.
///
/// It has no name before that where the file system can do so, so that even kill -9 leaves nothing; else a hidden
/// one beside its final name. Its mode is 0644 less the umask, unless another is asked for.
///
/// Only a rename replaces a file, and it needs a name to start from: a process that is killed between giving that
/// name and the rename, two calls that follow each other, leaves it. The next one that makes the same output
/// removes it.
package struct OutputFile: ~Copyable {
  private let directory: OwnedDescriptor
  private let file: OwnedDescriptor
  private let name: FilePath
  private var hiddenName: FilePath?

  /// Makes an empty file that is to appear at `path`, its mode `mode` less the umask.
  ///
  /// Throws `isDirectory` when `path` ends in no name, as `/` and `..` do; `resourceBusy` when another process is seen
  /// to write the same file.
  package init(at path: FilePath, mode: UInt32 = 0o644) throws(Errno) {
    guard let last = path.lastComponent, last.kind == .regular else { throw .isDirectory }
    try self.init(in: Kernel.openParent(of: path), FilePath(root: nil, [last]), mode: mode)
  }

  /// The same for a name in a directory that is open: no path is resolved from here on.
  init(in directory: consuming OwnedDescriptor, _ name: FilePath, mode: UInt32) throws(Errno) {
    let raw = directory.raw
    let hidden = HiddenNames(for: name, in: raw)
    hidden.removeAbandoned()
    let unnamed = try Kernel.createUnnamed(raw, mode: mode)
    if let file = consume unnamed {
      self.init(directory, file, name, hiddenName: nil)
    } else {
      let place = try hidden.claim { (name) throws(Errno) in try Kernel.createFile(raw, name, mode: mode) }
      let hiddenName = place.name
      self.init(directory, place.descriptor, name, hiddenName: hiddenName)
    }
  }

  private init(
    _ directory: consuming OwnedDescriptor, _ file: consuming OwnedDescriptor, _ name: FilePath,
    hiddenName: FilePath?
  ) {
    self.directory = directory
    self.file = file
    self.name = name
    self.hiddenName = hiddenName
  }

  deinit {
    if let hiddenName { try? Kernel.unlink(directory.raw, hiddenName) }
  }

  /// The file, open for reading and writing as long as this value lives.
  package var descriptor: FileDescriptor { file.descriptor }

  /// Syncs the file, gives it its name and syncs that.
  ///
  /// To be called once. Throws `fileExists` when the name is taken and not to be replaced.
  package mutating func publish(overwrite: Bool) throws(Errno) {
    try Kernel.sync(file.raw)
    if let hiddenName {
      try rename(hiddenName, overwrite: overwrite)
    } else {
      do throws(Errno) {
        try Kernel.linkUnnamed(file.raw, directory.raw, name)
      } catch .fileExists where overwrite {
        try rename(try hide(), overwrite: true)
      }
    }
    try Kernel.sync(directory.raw)
  }

  /// Gives the file a hidden name.
  private mutating func hide() throws(Errno) -> FilePath {
    let file = file.raw
    let directory = directory.raw
    // A file system without locks keeps what a killed process leaves.
    _ = try? HiddenNames.lock(file)
    let hiddenName = try HiddenNames(for: name, in: directory).take { (name) throws(Errno) in
      try Kernel.linkUnnamed(file, directory, name)
    }
    self.hiddenName = hiddenName
    return hiddenName
  }

  private mutating func rename(_ hiddenName: FilePath, overwrite: Bool) throws(Errno) {
    if overwrite {
      try Kernel.renameOver(directory.raw, hiddenName, directory.raw, name)
    } else {
      try Kernel.renameNew(directory.raw, hiddenName, directory.raw, name)
    }
    self.hiddenName = nil
  }
}
