import ACIArchive
import CAppcLinux
import Glibc
import SystemPackage

/// The calls that only a build makes.
extension Kernel {
  // MARK: Opening

  /// Any file, for its metadata alone: no driver or peer of a special file hears of it.
  static func openPath(_ directory: borrowing OwnedDescriptor, _ name: FilePath) throws(Errno)
    -> OwnedDescriptor
  {
    let raw = directory.raw
    return OwnedDescriptor(
      taking: try ours { name.withPlatformString { appc_store_open_path(raw, $0) } })
  }

  /// The content of what `openPath` has found to be a regular file: that very file, whatever its name means now.
  static func reopen(_ file: borrowing OwnedDescriptor) throws(Errno) -> OwnedDescriptor {
    let path = "/proc/self/fd/\(file.raw)"
    return OwnedDescriptor(taking: try glibc { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) })
  }

  /// The names in what `openPath` has found to be a directory.
  static func reopenDirectory(_ file: borrowing OwnedDescriptor) throws(Errno) -> OwnedDescriptor {
    let raw = file.raw
    return OwnedDescriptor(taking: try glibc { openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
  }

  // MARK: Reading

  static func status(_ file: borrowing OwnedDescriptor) throws(Errno) -> SourceStatus {
    var value = stat()
    let raw = file.raw
    _ = try glibc { fstat(raw, &value) }
    return SourceStatus(value)
  }

  static func names(_ directory: borrowing OwnedDescriptor) throws(Errno) -> [FilePath] {
    var stream = try DirectoryStream(adopting: reopenDirectory(directory))
    return try stream.names()
  }

  static func linkTarget(_ link: borrowing OwnedDescriptor) throws(Errno) -> [UInt8] {
    let raw = link.raw
    // The kernel allows no target of 4096 bytes or more.
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = try glibc {
      buffer.withUnsafeMutableBytes { bytes in
        bytes.bindMemory(to: CChar.self).baseAddress.map { readlinkat(raw, "", $0, bytes.count) } ?? -1
      }
    }
    return Array(buffer.prefix(count))
  }

  /// Where data begins at or after `offset`; nil when only a hole is left.
  static func nextData(_ file: borrowing OwnedDescriptor, from offset: Int64) throws(Errno) -> Int64? {
    let raw = file.raw
    do throws(Errno) {
      return Int64(try glibc { lseek(raw, off_t(offset), 3) })  // SEEK_DATA, which Glibc's module lacks
    } catch .noSuchAddressOrDevice {
      return nil
    }
  }

  /// Where the data at `offset` ends.
  static func nextHole(_ file: borrowing OwnedDescriptor, from offset: Int64) throws(Errno) -> Int64 {
    let raw = file.raw
    return Int64(try glibc { lseek(raw, off_t(offset), 4) })  // SEEK_HOLE
  }

  static func rewind(_ file: borrowing OwnedDescriptor) throws(Errno) {
    let raw = file.raw
    _ = try glibc { lseek(raw, 0, SEEK_SET) }
  }

  static func isZero(
    _ file: borrowing OwnedDescriptor, at offset: Int64, length: Int
  ) throws(Errno) -> Bool {
    let raw = file.raw
    var chunk = [UInt8](repeating: 0, count: length)
    let count = try glibc {
      chunk.withUnsafeMutableBytes { pread(raw, $0.baseAddress, $0.count, off_t(offset)) }
    }
    return chunk.prefix(count).allSatisfy { $0 == 0 }
  }

  /// The names of the extended attributes of an open file or directory.
  static func attributeNames(_ file: borrowing OwnedDescriptor) throws(Errno) -> [[UInt8]] {
    let raw = file.raw
    let list = try growing { buffer, size in appc_flistxattr(raw, buffer, size) }
    return list.split(separator: 0).map(Array.init)
  }

  static func attribute(_ file: borrowing OwnedDescriptor, _ name: [UInt8]) throws(Errno) -> [UInt8] {
    let raw = file.raw
    return try growing { buffer, size in
      (name + [0]).withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { text in
          text.baseAddress.map { appc_fgetxattr(raw, $0, buffer, size) } ?? -Int64(EFAULT)
        }
      }
    }
  }

  /// Asks for a length, then for the bytes, again when they have grown meanwhile.
  private static func growing(
    _ call: (UnsafeMutableRawPointer?, Int) -> Int64
  ) throws(Errno) -> [UInt8] {
    while true {
      let size = Int(clamping: try ours { call(nil, 0) })
      if size == 0 { return [] }
      var buffer = [UInt8](repeating: 0, count: size)
      do throws(Errno) {
        let count = try ours { buffer.withUnsafeMutableBytes { call($0.baseAddress, $0.count) } }
        return Array(buffer.prefix(Int(clamping: count)))
      } catch .outOfRange {}
    }
  }
}
