import Glibc
import SystemPackage

/// What tests do to files behind the store's back: paths are relative to this one.
extension FilePath {
  func path(_ name: String) -> FilePath { name.isEmpty ? self : pushing(FilePath(name)) }

  /// Flips one bit, and leaves size, mode and time as they were.
  func change(_ name: String, at offset: Int64 = 0) throws {
    let file = path(name)
    let before = try status(of: file)
    try file.chmod("", 0o600)
    let opened = try FileDescriptor.open(file, .readWrite)
    var byte: [UInt8] = [0]
    _ = try byte.withUnsafeMutableBytes { try opened.read(fromAbsoluteOffset: offset, into: $0) }
    _ = try opened.writeAll(toAbsoluteOffset: offset, [byte[0] ^ 1])
    try opened.close()
    try file.chmod("", UInt32(before.st_mode) & 0o7777)
    try file.setTime("", before.st_mtim)
  }

  func append(_ text: String, to name: String) throws {
    let opened = try FileDescriptor.open(path(name), .writeOnly, options: .append)
    _ = try opened.closeAfter { try opened.writeAll(text.utf8) }
  }

  func truncate(_ name: String, to bytes: Int) throws {
    try check(path(name).withPlatformString { Glibc.truncate($0, bytes) })
  }

  func chmod(_ name: String, _ mode: UInt32) throws {
    try check(path(name).withPlatformString { Glibc.chmod($0, mode) })
  }

  func chown(_ name: String, _ uid: UInt32, _ gid: UInt32) throws {
    try check(path(name).withPlatformString { lchown($0, uid, gid) })
  }

  func setTime(_ name: String, _ seconds: Int) throws {
    try setTime(name, timespec(tv_sec: seconds, tv_nsec: 0))
  }

  func setTime(_ name: String, _ time: timespec) throws {
    try check(path(name).withPlatformString { utimensat(AT_FDCWD, $0, [time, time], AT_SYMLINK_NOFOLLOW) })
  }

  func make(_ name: String, keepingTimeOf directory: String) throws {
    try keepingTime(of: directory) {
      try FileDescriptor.open(path(name), .writeOnly, options: .create, permissions: .ownerReadWrite).close()
    }
  }

  func makePipe(_ name: String) throws {
    try check(path(name).withPlatformString { mkfifo($0, 0o600) })
  }

  func symlink(_ name: String, to target: String) throws {
    try check(path(name).withPlatformString { Glibc.symlink(target, $0) })
  }

  func remove(_ name: String) throws {
    try check(path(name).withPlatformString { Glibc.remove($0) })
  }

  /// Removes, does more, and gives the directory the time that it had.
  func remove(
    _ name: String, keepingTimeOf directory: String, _ more: (FilePath) throws -> Void = { _ in }
  ) throws {
    try keepingTime(of: directory) {
      try remove(name)
      try more(self)
    }
  }

  func rename(_ name: String, _ newName: String) throws {
    try check(
      path(name).withPlatformString { old in path(newName).withPlatformString { Glibc.rename(old, $0) } })
  }

  func rename(
    _ name: String, _ newName: String, keepingTimeOf directory: String,
    _ more: (FilePath) throws -> Void = { _ in }
  ) throws {
    try keepingTime(of: directory) {
      try rename(name, newName)
      try more(self)
    }
  }

  func rewrite(_ name: String, _ edit: (String) throws -> String) throws {
    let text = try edit(String(decoding: try contents(of: path(name)), as: UTF8.self))
    let opened = try FileDescriptor.open(path(name), .writeOnly, options: .truncate)
    _ = try opened.closeAfter { try opened.writeAll(text.utf8) }
  }

  private func keepingTime(of directory: String, _ body: () throws -> Void) throws {
    let before = try status(of: path(directory))
    try body()
    try setTime(directory, before.st_mtim)
  }

  private func check(_ result: Int32) throws {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }
}
