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
    let bytes: Int64
    let blocks512: Int64
    let modified: FileTime

    var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }

    func isSameFile(as other: Status) -> Bool { device == other.device && inode == other.inode }
  }

  // MARK: Opening

  /// A directory: the last component is not followed.
  static func openDirectory(_ directory: Int32, _ name: FilePath) throws(Errno) -> OwnedDescriptor {
    try open(directory, name, O_RDONLY | O_DIRECTORY)
  }

  /// A file or directory to put a lock on.
  ///
  /// Anything else is refused, and a pipe does not block.
  static func openToLock(_ directory: Int32, _ name: FilePath) throws(Errno) -> OwnedDescriptor {
    let file = try open(directory, name, O_RDONLY | O_NONBLOCK)
    let status = try status(file.raw)
    guard status.isRegular || status.isDirectory else { throw .notSupported }
    return file
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
      let count = try glibc { Glibc.write(file, start, rest.count) }
      if count == 0 { throw .ioError }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  static func writeAll(_ file: Int32, _ bytes: [UInt8]) throws(Errno) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Errno) in
      try writeAll(file, UnsafeRawBufferPointer(buffer))
    }
  }

  /// Copies from the start of one file to where the other stands.
  static func copyAll(from source: Int32, to target: Int32) throws(Errno) {
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset: off_t = 0
    while true {
      let count = try glibc {
        chunk.withUnsafeMutableBytes { Glibc.pread(source, $0.baseAddress, $0.count, offset) }
      }
      if count == 0 { return }
      try chunk.withUnsafeBufferPointer { (bytes) throws(Errno) in
        try writeAll(target, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
      }
      offset += off_t(count)
    }
  }

  /// Syncs everything on the file system that holds `file`: cheaper than every file of a tree in turn.
  static func syncFileSystem(_ file: Int32) throws(Errno) {
    _ = try ours { appc_store_sync_file_system(file) }
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
      mode: UInt32(value.st_mode), owner: UInt32(value.st_uid), bytes: Int64(value.st_size),
      blocks512: Int64(value.st_blocks),
      modified: .init(seconds: Int64(value.st_mtim.tv_sec), nanoseconds: Int32(value.st_mtim.tv_nsec)))
  }
}
