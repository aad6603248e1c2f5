import ACIArchive
import CAppcLinux
import Glibc

/// What a file of the tree is.
struct SourceStatus: Equatable {
  /// What decides how a file is written.
  enum Kind: Equatable {
    case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket, other
  }

  let kind: Kind
  let device: UInt64
  let inode: UInt64
  let links: UInt64
  let mode: UInt16
  let owner: UInt32
  let group: UInt32
  let bytes: Int64
  /// Disk space, less than `bytes` when there are holes.
  let storedBytes: Int64
  let modified: FileTime
  let changed: FileTime
  let deviceMajor: UInt32
  let deviceMinor: UInt32

  init(_ value: stat) {
    kind =
      switch value.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .other
      }
    device = UInt64(value.st_dev)
    inode = UInt64(value.st_ino)
    links = UInt64(value.st_nlink)
    mode = UInt16(truncatingIfNeeded: value.st_mode & 0o7777)
    owner = UInt32(value.st_uid)
    group = UInt32(value.st_gid)
    bytes = Int64(value.st_size)
    storedBytes = Int64(value.st_blocks).multipliedReportingOverflow(by: 512).partialValue
    modified = FileTime(
      seconds: Int64(value.st_mtim.tv_sec), nanoseconds: Int32(truncatingIfNeeded: value.st_mtim.tv_nsec))
    changed = FileTime(
      seconds: Int64(value.st_ctim.tv_sec), nanoseconds: Int32(truncatingIfNeeded: value.st_ctim.tv_nsec))
    deviceMajor = appc_device_major(UInt64(value.st_rdev))
    deviceMinor = appc_device_minor(UInt64(value.st_rdev))
  }
}

extension SourceStatus {
  /// Which file it is, in which state.
  var identity: FileIdentity { FileIdentity(device: device, inode: inode, changed: changed) }

  /// Whether nobody has written to the file since.
  func isUnchanged(since earlier: SourceStatus) -> Bool {
    bytes == earlier.bytes && modified == earlier.modified && changed == earlier.changed
  }
}
