import CAppcLinux
import Glibc
import SystemPackage

/// The system calls of the store, each in one place: typed errors, EINTR retried, descriptors close-on-exec.
///
/// Names are bytes that the kernel takes as they are; the store's own are ASCII.
enum Kernel {
  /// What a file is, as far as the store asks.
  struct Status: Equatable {
    let device: UInt64
    let inode: UInt64
    let links: UInt64
    let mode: UInt32
    let owner: UInt32
    let bytes: Int64
    let blocks512: Int64
    let modified: Time

    var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }

    func isSameFile(as other: Status) -> Bool { device == other.device && inode == other.inode }
  }

  /// Seconds and nanoseconds since 1970.
  struct Time: Equatable {
    let seconds: Int64
    let nanoseconds: Int32
  }

  /// Our own C answers -errno.
  private static func check(_ result: Int32) throws(Errno) -> Int32 {
    guard result >= 0 else { throw Errno(rawValue: -result) }
    return result
  }

  /// Glibc answers -1 and sets `errno`.
  private static func retrying(_ call: () -> Int32) throws(Errno) -> Int32 {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = Glibc.errno
      if code != EINTR { throw Errno(rawValue: code) }
    }
  }

  private static func retrying(
    _ name: FilePath, _ call: (UnsafePointer<CInterop.PlatformChar>) -> Int32
  ) throws(Errno) -> Int32 {
    try retrying { name.withPlatformString(call) }
  }

  // MARK: Opening

  static func open(_ directory: Int32, _ name: FilePath, _ flags: Int32, mode: mode_t = 0) throws(Errno)
    -> Int32
  {
    try retrying(name) { Glibc.openat(directory, $0, flags | O_CLOEXEC | O_NOFOLLOW, mode) }
  }

  static func openDirectory(_ directory: Int32, _ name: FilePath) throws(Errno) -> Int32 {
    try open(directory, name, O_RDONLY | O_DIRECTORY)
  }

  /// A writable file that did not exist before.
  static func createFile(_ directory: Int32, _ name: FilePath, mode: mode_t = 0o600) throws(Errno) -> Int32 {
    try open(directory, name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
  }

  /// A writable file of `directory` that has no name yet.
  static func openUnnamed(_ directory: Int32, mode: UInt32 = 0o600) throws(Errno) -> Int32 {
    try check(appc_store_open_unnamed(directory, mode))
  }

  /// A directory that the user named, through links if there are any.
  static func openFollowing(_ path: FilePath) throws(Errno) -> Int32 {
    try retrying(path) { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  /// A file or directory to put a lock on.
  ///
  /// Anything else is refused, and a pipe does not block.
  static func openToLock(_ directory: Int32, _ name: FilePath) throws(Errno) -> Int32 {
    let file = try open(directory, name, O_RDONLY | O_NONBLOCK)
    do throws(Errno) {
      let status = try status(file)
      guard status.isRegular || status.isDirectory else { throw .notSupported }
      return file
    } catch {
      close(file)
      throw error
    }
  }

  static func close(_ file: Int32) {
    _ = Glibc.close(file)
  }

  // MARK: Naming

  static func linkUnnamed(_ file: Int32, _ directory: Int32, _ name: FilePath) throws(Errno) {
    _ = try check(name.withPlatformString { appc_store_link_unnamed(file, directory, $0) })
  }

  static func renameNew(_ from: Int32, _ name: FilePath, _ to: Int32, _ newName: FilePath) throws(Errno) {
    _ = try check(
      name.withPlatformString { old in
        newName.withPlatformString { appc_rename_new(from, old, to, $0) }
      })
  }

  static func renameOver(_ from: Int32, _ name: FilePath, _ to: Int32, _ newName: FilePath) throws(Errno) {
    _ = try retrying(name) { old in
      newName.withPlatformString { Glibc.renameat(from, old, to, $0) }
    }
  }

  static func makeDirectory(_ directory: Int32, _ name: FilePath, mode: mode_t = 0o700) throws(Errno) {
    _ = try retrying(name) { Glibc.mkdirat(directory, $0, mode) }
  }

  static func unlink(_ directory: Int32, _ name: FilePath, isDirectory: Bool = false) throws(Errno) {
    _ = try retrying(name) { Glibc.unlinkat(directory, $0, isDirectory ? AT_REMOVEDIR : 0) }
  }

  /// Leaves an empty file at `name`, or the file that was there.
  static func makeFile(_ directory: Int32, _ name: FilePath) throws(Errno) {
    close(try open(directory, name, O_RDONLY | O_CREAT, mode: 0o600))
  }

  // MARK: Status

  static func exists(_ directory: Int32, _ name: FilePath) -> Bool {
    (try? status(directory, name)) != nil
  }

  static func status(_ file: Int32) throws(Errno) -> Status {
    var value = stat()
    _ = try retrying { Glibc.fstat(file, &value) }
    return Status(value)
  }

  static func status(_ directory: Int32, _ name: FilePath) throws(Errno) -> Status {
    var value = stat()
    _ = try retrying(name) { Glibc.fstatat(directory, $0, &value, AT_SYMLINK_NOFOLLOW) }
    return Status(value)
  }

  static func setMode(_ file: Int32, _ mode: mode_t) throws(Errno) {
    _ = try retrying { Glibc.fchmod(file, mode) }
  }

  /// Sets the mode of a file that is known to be no link.
  static func setMode(_ directory: Int32, _ name: FilePath, _ mode: mode_t) throws(Errno) {
    _ = try retrying(name) { Glibc.fchmodat(directory, $0, mode, 0) }
  }

  /// Sets both times to now.
  static func touch(_ file: Int32) throws(Errno) {
    _ = try retrying { Glibc.futimens(file, nil) }
  }

  static func setModified(_ file: Int32, _ time: Time) throws(Errno) {
    let value = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
    _ = try retrying {
      withUnsafePointer(to: (value, value)) { pair in
        pair.withMemoryRebound(to: timespec.self, capacity: 2) { Glibc.futimens(file, $0) }
      }
    }
  }

  static func now() -> Time {
    var value = timespec()
    clock_gettime(CLOCK_REALTIME, &value)
    return Time(seconds: Int64(value.tv_sec), nanoseconds: Int32(value.tv_nsec))
  }

  static func effectiveUser() -> UInt32 { geteuid() }

  static var workingDirectory: Int32 { AT_FDCWD }

  static func sleep(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    var value = timespec(tv_sec: Int(max(0, seconds)), tv_nsec: Int(max(0, attoseconds) / 1_000_000_000))
    nanosleep(&value, nil)
  }

  // MARK: Bytes

  static func writeAll(_ file: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = Glibc.write(file, start, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } else if count == 0 {
        throw .ioError
      } else if Glibc.errno != EINTR {
        throw Errno(rawValue: Glibc.errno)
      }
    }
  }

  static func writeAll(_ file: Int32, _ bytes: [UInt8]) throws(Errno) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Errno) in
      try writeAll(file, UnsafeRawBufferPointer(buffer))
    }
  }

  /// The bytes of a file up to `limit`; more than that is `EFBIG`.
  static func readAll(_ file: Int32, limit: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count < 0 {
        if Glibc.errno == EINTR { continue }
        throw Errno(rawValue: Glibc.errno)
      }
      bytes += chunk[..<count]
      if bytes.count > limit { throw .fileTooLarge }
    }
  }

  /// Copies from the start of one file to where the other stands.
  static func copyAll(from source: Int32, to target: Int32) throws(Errno) {
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset: off_t = 0
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.pread(source, $0.baseAddress, $0.count, offset) }
      if count == 0 { return }
      if count < 0 {
        if Glibc.errno == EINTR { continue }
        throw Errno(rawValue: Glibc.errno)
      }
      try chunk.withUnsafeBufferPointer { (bytes) throws(Errno) in
        try writeAll(target, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
      }
      offset += off_t(count)
    }
  }

  /// Where a file stands, in bytes from its start.
  static func position(_ file: Int32) throws(Errno) -> Int64 {
    let position = lseek(file, 0, SEEK_CUR)
    guard position >= 0 else { throw Errno(rawValue: Glibc.errno) }
    return Int64(position)
  }

  static func sync(_ file: Int32) throws(Errno) {
    _ = try retrying { Glibc.fsync(file) }
  }

  /// Syncs everything on the file system that holds `file`: cheaper than every file of a tree in turn.
  static func syncFileSystem(_ file: Int32) throws(Errno) {
    _ = try check(appc_store_sync_file_system(file))
  }

  // MARK: Locks

  /// Takes or converts a `flock`; false when `wait` is off and somebody else holds it.
  static func lock(_ file: Int32, exclusive: Bool, wait: Bool) throws(Errno) -> Bool {
    let operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB)
    do throws(Errno) {
      _ = try retrying { flock(file, operation) }
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
