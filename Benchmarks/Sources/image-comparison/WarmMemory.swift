import Glibc
import SystemPackage

/// Memory that a measured process finds free and ready.
///
/// The host of a virtual machine takes back memory that is free for seconds. To touch it again then takes ten times
/// as long as to copy into it, and whoever comes first pays. So this is kept in use between the measurements, and
/// given up right before each. It is a file on the workspace's tmpfs: memory of this process would count as the
/// measured one's.
final class WarmMemory {
  /// What the page cache of the largest image takes, and half as much again.
  private static let bytes: off_t = 3 << 29

  private let file: FileDescriptor

  init(in directory: FilePath) throws {
    file = try FileDescriptor.open(
      directory, .readWrite, options: .init(rawValue: 0x410000 /* O_TMPFILE */),
      permissions: .ownerReadWrite)
    hold()
  }

  deinit {
    try? file.close()
  }

  /// Gives the memory up while `body` runs.
  func released<Result>(_ body: () throws -> Result) rethrows -> Result {
    ftruncate(file.rawValue, 0)
    defer { hold() }
    return try body()
  }

  /// Without it the figures vary more, and that is all.
  private func hold() { posix_fallocate(file.rawValue, 0, Self.bytes) }
}
