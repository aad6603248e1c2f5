package import Glibc

/// Which file something is, and when it was last changed: enough to tell whether another one has its name now.
package struct FileIdentity: Equatable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let changed: FileTime

  /// Takes what identifies a file.
  package init(device: UInt64, inode: UInt64, changed: FileTime) {
    self.device = device
    self.inode = inode
    self.changed = changed
  }

  /// The identity of the file with this status.
  package init(_ status: stat) {
    let changed = FileTime(
      seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int32(truncatingIfNeeded: status.st_ctim.tv_nsec))
    self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), changed: changed)
  }
}
