import ACIArchive
import SystemPackage

/// The image being written: it appears under its name when it is complete.
///
/// It has no name before that where the file system can do so, so that even kill -9 leaves nothing; else a hidden
/// one beside its final name.
struct OutputFile: ~Copyable {
  private let directory: OwnedDescriptor
  private let file: OwnedDescriptor
  private let name: FilePath
  private let hiddenName: FilePath
  private var isHidden: Bool

  init(at path: FilePath) throws(Errno) {
    guard let last = path.lastComponent else { throw .isDirectory }
    let parent = path.removingLastComponent()
    let directory = try BuildKernel.openDirectory(following: parent.isEmpty ? "." : parent)
    let name = FilePath(root: nil, [last])
    let hiddenName = FilePath(".appc-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))")
    let unnamed = try OutputFile.unnamed(directory)
    if let file = consume unnamed {
      self.init(directory, file, name, hiddenName, false)
    } else {
      let file = try BuildKernel.create(directory, hiddenName)
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
  private static func unnamed(_ directory: borrowing OwnedDescriptor) throws(Errno) -> OwnedDescriptor? {
    do throws(Errno) {
      return try BuildKernel.openUnnamed(directory)
    } catch .notSupported, .isDirectory, .invalidArgument {
      return nil
    }
  }

  deinit {
    if isHidden { try? BuildKernel.unlink(directory, hiddenName) }
  }

  var descriptor: FileDescriptor { file.descriptor }

  /// Syncs the file and gives it its name.
  ///
  /// Throws `fileExists` when the name is taken and not to be replaced.
  mutating func publish(overwrite: Bool) throws(Errno) {
    try BuildKernel.sync(file)
    if isHidden || overwrite {
      // Only a rename replaces atomically, and it needs a name to start from.
      if !isHidden { try BuildKernel.link(file, directory, hiddenName) }
      isHidden = true
      try BuildKernel.rename(in: directory, hiddenName, to: name, overwrite: overwrite)
      isHidden = false
    } else {
      try BuildKernel.link(file, directory, name)
    }
    try BuildKernel.sync(directory)
  }
}
