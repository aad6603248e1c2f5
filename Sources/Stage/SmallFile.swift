import Glibc
import SystemPackage

/// Whole small files: the kernel's, and records of our own.
enum SmallFile {
  /// Reads a file to its end, at most `limit` bytes.
  static func read(_ path: FilePath, limit: Int = 1 << 20) throws(Errno) -> [UInt8] {
    let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    var bytes: [UInt8] = []
    var size = 4096
    while true {
      let start = bytes.count
      let chunk = size
      bytes.append(contentsOf: repeatElement(0, count: chunk))
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(file.rawValue, $0.baseAddress?.advanced(by: start), chunk)
      }
      if got < 0 && errno == EINTR {
        bytes.removeLast(chunk)
        continue
      }
      guard got >= 0 else { throw Errno(rawValue: errno) }
      bytes.removeLast(chunk - got)
      if got == 0 { return bytes }
      guard bytes.count <= limit else { throw Errno.fileTooLarge }
      size = 65536
    }
  }

  /// Makes a new file with its content.
  static func create(_ path: FilePath, _ content: [UInt8], mode: mode_t = 0o600) throws(Errno) {
    let file = try open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    try write(content, to: file)
  }

  /// Writes one value to a file of the kernel's.
  static func set(_ path: FilePath, _ value: String) throws(Errno) {
    let file = try open(path, O_WRONLY | O_NOFOLLOW)
    try write(Array(value.utf8), to: file)
  }

  static func open(_ path: FilePath, _ flags: Int32, _ mode: mode_t = 0) throws(Errno) -> OwnedDescriptor {
    while true {
      let descriptor = path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC, mode) }
      if descriptor >= 0 { return OwnedDescriptor(FileDescriptor(rawValue: descriptor)) }
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  static func write(_ content: [UInt8], to file: borrowing OwnedDescriptor) throws(Errno) {
    var written = 0
    while written < content.count {
      let count = content.withUnsafeBytes {
        Glibc.write(file.rawValue, $0.baseAddress?.advanced(by: written), content.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Errno(rawValue: errno) }
      written += count
    }
  }
}
