/// What kind of file an entry makes.
public enum EntryKind: Hashable, Sendable {
  /// A regular file with content.
  case regular
  /// A directory.
  case directory
  /// A symbolic link; its target is kept byte for byte and never followed.
  case symbolicLink
  /// Another name of an earlier entry.
  case hardLink
  /// A character device.
  case characterDevice
  /// A block device.
  case blockDevice
  /// A named pipe.
  case fifo
}

/// A point in time as an archive holds it.
public struct FileTime: Hashable, Comparable, Sendable {
  /// Whole seconds since 1970-01-01 00:00:00 UTC, rounded down.
  public var seconds: Int64
  /// Nanoseconds after `seconds`, 0 ...
  ///
  /// 999 999 999.
  public var nanoseconds: Int32

  /// Creates a time.
  ///
  /// Nanoseconds beyond their range are clamped.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
  }

  /// 1970-01-01 00:00:00 UTC.
  public static let epoch = FileTime(seconds: 0)

  /// Whether `left` is earlier than `right`.
  public static func < (left: FileTime, right: FileTime) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// A named value attached to a file.
public struct ExtendedAttribute: Hashable, Sendable {
  /// The full name, for example `user.note`; no NUL, at most 255 bytes.
  public var name: [UInt8]
  /// The value, at most 65 536 bytes.
  public var value: [UInt8]

  /// Creates an attribute.
  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }
}

/// One file of an image, without its content.
public struct ArchiveEntry: Hashable, Sendable {
  /// Where it lies in the image.
  public var path: ArchivePath
  /// What it is.
  public var kind: EntryKind
  /// Permission bits with setuid, setgid and sticky, 0 ...
  ///
  /// 0o7777.
  public var mode: UInt16
  /// The owner's number, 0 ...
  ///
  /// 2^32 - 2.
  public var uid: UInt32
  /// The group's number, 0 ...
  ///
  /// 2^32 - 2.
  public var gid: UInt32
  /// The apparent size in bytes, holes included; 0 for everything but regular files.
  public var size: Int64
  /// When the content was last changed.
  public var modified: FileTime
  /// The target of a symbolic link, byte for byte, or the path in the image that a hard link names,
  /// canonical; empty otherwise.
  public var linkTarget: [UInt8]
  /// The device's class; 0 for everything but devices.
  public var deviceMajor: UInt32
  /// The device's number in its class; 0 for everything but devices.
  public var deviceMinor: UInt32
  /// Extended attributes in the order of the archive.
  public var xattrs: [ExtendedAttribute]
  /// Where the data of a sparse file lies, or nil when all of it is stored.
  public var sparseMap: SparseMap?

  /// Creates an entry; what is left out is what a plain empty file has.
  public init(
    path: ArchivePath, kind: EntryKind, mode: UInt16, uid: UInt32 = 0, gid: UInt32 = 0, size: Int64 = 0,
    modified: FileTime = .epoch, linkTarget: [UInt8] = [], deviceMajor: UInt32 = 0, deviceMinor: UInt32 = 0,
    xattrs: [ExtendedAttribute] = [], sparseMap: SparseMap? = nil
  ) {
    self.path = path
    self.kind = kind
    self.mode = mode
    self.uid = uid
    self.gid = gid
    self.size = size
    self.modified = modified
    self.linkTarget = linkTarget
    self.deviceMajor = deviceMajor
    self.deviceMinor = deviceMinor
    self.xattrs = xattrs
    self.sparseMap = sparseMap
  }

  /// How many bytes of content the archive stores for it.
  public var storedSize: Int64 { sparseMap?.dataSize ?? size }
}
