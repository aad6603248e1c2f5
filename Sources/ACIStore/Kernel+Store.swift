import ACIArchive
import CAppcLinux
import Glibc
import SystemPackage

/// The calls that only the store makes.
extension Kernel {
  /// What a file is, as far as the store asks.
  struct Status: Equatable {
    let device: UInt64
    let inode: UInt64
    let links: UInt64
    let mode: UInt32
    let owner: UInt32
    let group: UInt32
    let bytes: Int64
    let blocks512: Int64
    let modified: FileTime

    var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }

    func isSameFile(as other: Status) -> Bool { device == other.device && inode == other.inode }

    /// Whether it is still the file that `other` tells of, which may be closed: a new one may have its inode number.
    func isUnchanged(since other: Status) -> Bool {
      isSameFile(as: other) && bytes == other.bytes && modified == other.modified
    }
  }

  // MARK: Opening

  /// A directory: the last component is not followed.
  static func openDirectory(_ directory: Int32, _ name: FilePath) throws(Errno) -> OwnedDescriptor {
    try open(directory, name, O_RDONLY | O_DIRECTORY)
  }

  /// A file or directory to put a lock on; with `creating`, a file that is missing is made.
  ///
  /// Anything else is refused, and a pipe does not block. With `writing`, it is opened for writing too: on NFS only
  /// such a file can be locked exclusively, and no directory.
  static func openToLock(
    _ directory: Int32, _ name: FilePath, creating: Bool = false, writing: Bool
  ) throws(Errno) -> OwnedDescriptor {
    let flags = O_NONBLOCK | (creating ? O_CREAT : 0)
    let file = try open(directory, name, (writing ? O_RDWR : O_RDONLY) | flags, mode: 0o600)
    let status = try status(file.raw)
    guard status.isRegular || status.isDirectory else { throw .notSupported }
    return file
  }

  /// A file by a name that is in the kernel's form already, for reading.
  static func openFile(_ directory: Int32, named name: UnsafePointer<CChar>) throws(Errno) -> OwnedDescriptor
  {
    OwnedDescriptor(
      taking: try glibc { Glibc.openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) })
  }

  /// Leaves an empty file at `name`, or the file that was there.
  static func makeFile(_ directory: Int32, _ name: FilePath) throws(Errno) {
    _ = try open(directory, name, O_RDONLY | O_CREAT, mode: 0o600)
  }

  // MARK: Status

  static func status(_ file: Int32) throws(Errno) -> Status {
    var value = stat()
    _ = try glibc { Glibc.fstat(file, &value) }
    return Status(value)
  }

  static func status(_ directory: Int32, _ name: FilePath) throws(Errno) -> Status {
    var value = stat()
    _ = try glibc(name) { Glibc.fstatat(directory, $0, &value, AT_SYMLINK_NOFOLLOW) }
    return Status(value)
  }

  /// As `status` of a path, of a name that is in the kernel's form already.
  static func status(_ directory: Int32, named name: UnsafePointer<CChar>) throws(Errno) -> Status {
    var value = stat()
    _ = try glibc { Glibc.fstatat(directory, name, &value, AT_SYMLINK_NOFOLLOW) }
    return Status(value)
  }

  static func setMode(_ file: Int32, _ mode: mode_t) throws(Errno) {
    _ = try glibc { Glibc.fchmod(file, mode) }
  }

  /// Sets both times to now.
  static func touch(_ file: Int32) throws(Errno) {
    _ = try glibc { Glibc.futimens(file, nil) }
  }

  static func setModified(_ file: Int32, _ time: FileTime) throws(Errno) {
    let value = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
    _ = try glibc {
      withUnsafePointer(to: (value, value)) { pair in
        pair.withMemoryRebound(to: timespec.self, capacity: 2) { Glibc.futimens(file, $0) }
      }
    }
  }

  /// As `setModified` of an open file.
  static func setModified(_ directory: Int32, _ name: FilePath, _ time: FileTime) throws(Errno) {
    let value = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
    _ = try glibc(name) { name in
      withUnsafePointer(to: (value, value)) { pair in
        pair.withMemoryRebound(to: timespec.self, capacity: 2) {
          Glibc.utimensat(directory, name, $0, AT_SYMLINK_NOFOLLOW)
        }
      }
    }
  }

  static func now() -> FileTime {
    var value = timespec()
    clock_gettime(CLOCK_REALTIME, &value)
    return FileTime(seconds: Int64(value.tv_sec), nanoseconds: Int32(value.tv_nsec))
  }

  static func effectiveUser() -> UInt32 { geteuid() }

  static func sleep(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    var value = timespec(tv_sec: Int(max(0, seconds)), tv_nsec: Int(max(0, attoseconds) / 1_000_000_000))
    nanosleep(&value, nil)
  }

  // MARK: Bytes

  static func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = try glibc(moving: min(rest.count, writeSize)) { Glibc.write(file, start, $0) }
      if count == 0 { throw .ioError }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  static func writeAll(_ file: Int32, _ bytes: [UInt8]) throws(Errno) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Errno) in
      try writeAll(file, UnsafeRawBufferPointer(buffer))
    }
  }

  /// Reads from where the file stands as much as `bytes` holds; answers how many bytes that were.
  static func read(_ file: Int32, into bytes: inout [UInt8]) throws(Errno) -> Int {
    try glibc(moving: bytes.count) { room in
      bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, room) }
    }
  }

  /// Copies what lies at `offset` of one file to where the other stands, as much as `block` holds.
  ///
  /// Answers how much that was, 0 at the end.
  static func copyBlock(
    from source: Int32, at offset: Int64, to target: Int32, through block: inout [UInt8]
  ) throws(Errno) -> Int {
    let count = try glibc(moving: block.count) { count in
      block.withUnsafeMutableBytes { Glibc.pread(source, $0.baseAddress, count, off_t(offset)) }
    }
    try block.withUnsafeBufferPointer { (bytes) throws(Errno) in
      try writeAll(target, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
    }
    return count
  }

  /// Syncs everything on the file system that holds `file`: cheaper than every file of a tree in turn.
  static func syncFileSystem(_ file: Int32) throws(Errno) {
    _ = try ours { appc_store_sync_file_system(file) }
  }

  /// Has the disk begin with what was written, where the file system can do that.
  static func startWriting(_ file: Int32, from offset: Int64, _ count: Int64) {
    _ = try? ours { appc_store_start_writing(file, offset, count) }
  }

  // MARK: Locks

  /// Takes or converts a `flock`; false when `wait` is off and somebody else holds it.
  static func lock(_ file: Int32, exclusive: Bool, wait: Bool) throws(Errno) -> Bool {
    let operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB)
    do throws(Errno) {
      _ = try glibc { flock(file, operation) }
      return true
    } catch .wouldBlock {
      return false
    }
  }
}

extension Kernel.Status {
  fileprivate init(_ value: stat) {
    self.init(
      device: UInt64(value.st_dev), inode: UInt64(value.st_ino), links: UInt64(value.st_nlink),
      mode: UInt32(value.st_mode), owner: UInt32(value.st_uid), group: UInt32(value.st_gid),
      bytes: Int64(value.st_size),
      blocks512: Int64(value.st_blocks),
      modified: .init(seconds: Int64(value.st_mtim.tv_sec), nanoseconds: Int32(value.st_mtim.tv_nsec)))
  }
}
