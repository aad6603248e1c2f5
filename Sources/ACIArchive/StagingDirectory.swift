import SystemPackage

/// A hidden, private directory beside the place where its content is to appear.
struct StagingDirectory: ~Copyable {
  private let parent: OwnedDescriptor
  private let directory: OwnedDescriptor
  private let temporaryName: FilePath
  private let finalName: FilePath
  private let destination: FilePath

  /// Makes the directory, mode 0700, if nothing is at `destination` yet.
  init(for destination: FilePath) throws(ArchiveError) {
    guard let last = destination.lastComponent, last.kind == .regular else {
      throw ArchiveError(
        .destinationExists, operation: "extract to", subject: destination.shown,
        detail: "that is no name for a new directory")
    }
    let finalName = FilePath(root: nil, [last])
    let temporaryName = FilePath.randomName(".appc")
    let parent = try StagingDirectory.openParent(of: destination)
    guard !Kernel.exists(parent.raw, finalName) else { throw StagingDirectory.exists(destination) }
    directory = try StagingDirectory.make(temporaryName, in: parent.raw, for: destination)
    self.parent = parent
    self.finalName = finalName
    self.temporaryName = temporaryName
    self.destination = destination
  }

  /// The directory.
  var descriptor: FileDescriptor { directory.descriptor }

  /// Gives the directory its final name, unless something has taken it meanwhile.
  mutating func publish() throws(ArchiveError) {
    do throws(Errno) {
      try Kernel.renameNew(parent.raw, temporaryName, parent.raw, finalName)
    } catch .fileExists {
      throw StagingDirectory.exists(destination)
    } catch {
      throw StagingDirectory.fault(error, destination, "the new directory cannot be renamed")
    }
  }

  /// Removes the directory and what is in it.
  mutating func discard() throws(ArchiveError) {
    do {
      try TreeRemoval.remove(temporaryName, in: parent.raw)
    } catch {
      throw ArchiveError(
        .io, operation: "remove", subject: "\"\(temporaryName.shown)\"", errno: error,
        detail: "it cannot be removed")
    }
  }

  private static func openParent(of destination: FilePath) throws(ArchiveError) -> OwnedDescriptor {
    do {
      return try Kernel.openParent(of: destination)
    } catch {
      throw fault(error, destination, "the directory above it cannot be opened")
    }
  }

  private static func make(
    _ name: FilePath, in parent: CInt, for destination: FilePath
  ) throws(ArchiveError) -> OwnedDescriptor {
    do {
      try Kernel.makeDirectory(parent, name)
    } catch {
      throw fault(error, destination, "no directory can be made there")
    }
    do {
      return try Kernel.openDirectory(beneath: parent, name)
    } catch {
      try? Kernel.unlink(parent, name, isDirectory: true)
      throw fault(error, destination, "the new directory cannot be opened")
    }
  }

  private static func fault(_ errno: Errno, _ destination: FilePath, _ detail: String) -> ArchiveError {
    .system(errno.rawValue, "extract to", destination.shown, detail)
  }

  private static func exists(_ destination: FilePath) -> ArchiveError {
    ArchiveError(
      .destinationExists, operation: "extract to", subject: destination.shown,
      detail: "it exists; remove it or choose another place")
  }
}
