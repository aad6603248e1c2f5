import CAppcLinux
import Glibc
import SystemPackage

/// A hidden, private directory beside the place where its content is to appear.
struct StagingDirectory: ~Copyable {
  private let parent: OwnedDescriptor
  private let directory: OwnedDescriptor
  private let temporaryName: [UInt8]
  private let finalName: [UInt8]
  private let destination: FilePath

  /// Makes the directory, mode 0700, if nothing is at `destination` yet.
  init(for destination: FilePath) throws(ArchiveError) {
    guard let last = destination.lastComponent, last.kind == .regular else {
      throw ArchiveError(
        .destinationExists, operation: "extract to", subject: printable(destination),
        detail: "that is no name for a new directory")
    }
    let finalName = last.withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    let temporaryName = Array(".appc-\(UInt64.random(in: .min ... .max))".utf8)
    let parent = try StagingDirectory.openParent(of: destination)
    var status = stat()
    guard withCString(finalName, { fstatat(parent.raw, $0, &status, AT_SYMLINK_NOFOLLOW) }) != 0 else {
      throw StagingDirectory.exists(destination)
    }
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
    let result = withCString(temporaryName) { temporary in
      withCString(finalName) { appc_rename_new(parent.raw, temporary, parent.raw, $0) }
    }
    guard result != -EEXIST else { throw StagingDirectory.exists(destination) }
    guard result == 0 else {
      throw .system(-result, "extract to", printable(destination), "the new directory cannot be renamed")
    }
  }

  /// Removes the directory and what is in it.
  mutating func discard() throws(ArchiveError) {
    try removeTree(temporaryName, in: parent.raw)
  }

  private static func openParent(of destination: FilePath) throws(ArchiveError) -> OwnedDescriptor {
    let above = destination.removingLastComponent()
    let holder = above.isEmpty ? FilePath(".") : above
    let raw = retryingInterrupts {
      holder.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }
    guard raw >= 0 else {
      throw .system(errno, "extract to", printable(destination), "the directory above it cannot be opened")
    }
    return OwnedDescriptor(taking: raw)
  }

  private static func make(
    _ name: [UInt8], in parent: CInt, for destination: FilePath
  ) throws(ArchiveError) -> OwnedDescriptor {
    guard withCString(name, { mkdirat(parent, $0, 0o700) }) == 0 else {
      throw .system(errno, "extract to", printable(destination), "no directory can be made there")
    }
    let raw = withCString(name) {
      appc_open_beneath(parent, $0, UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0)
    }
    guard raw >= 0 else {
      _ = withCString(name) { unlinkat(parent, $0, AT_REMOVEDIR) }
      throw .system(-raw, "extract to", printable(destination), "the new directory cannot be opened")
    }
    return OwnedDescriptor(taking: raw)
  }

  private static func exists(_ destination: FilePath) -> ArchiveError {
    ArchiveError(
      .destinationExists, operation: "extract to", subject: printable(destination),
      detail: "it exists; remove it or choose another place")
  }
}
