import CAppcArchive
import Glibc

/// bzip2, xz and zstd by libarchive, which is loaded when the first such image is read or written: each block
/// becomes a stream of its own.
struct FilterEncoder: Sendable {
  enum Kind {
    case bzip2
    case xz
    case zstd
  }

  private let kind: Kind
  private let level: CInt

  /// - Throws: `missingLibrary` without libarchive, or where it lacks the compression.
  init(_ kind: Kind, level: Int) throws(ArchiveError) {
    self.kind = kind
    self.level = CInt(clamping: level)
    // An empty block tells what is missing, before anything is written.
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: FilterEncoder.capacity(for: 0), alignment: 64)
    defer { room.deallocate() }
    _ = try encode(UnsafeRawBufferPointer(start: nil, count: 0), in: room)
  }

  /// Room that a stream of `count` bytes needs: none of the three makes noise longer than this.
  static func capacity(for count: Int) -> Int { count + count / 64 + 4096 }

  /// Compresses a block.
  ///
  /// - Returns: the length of its stream, which begins where `room` does.
  func encode(
    _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Int {
    guard let target = room.baseAddress else { throw failure(-Int64(EINVAL), "no room") }
    let (count, message) = withFilterMessage { text, size in
      appc_encode(number, level, block.baseAddress, block.count, target, room.count, text, size)
    }
    guard count >= 0 else { throw failure(count, message) }
    return Int(count)
  }

  /// The error for a stream of libarchive's that we cannot make a member of.
  static func surprise(_ kind: Kind) -> ArchiveError {
    ArchiveError(
      .unsupported, operation: "write image", subject: "",
      detail: "this libarchive writes \(kind) in a way that is not known here; write another compression")
  }

  private var number: CInt {
    switch kind {
    case .bzip2: APPC_FILTER_BZIP2
    case .xz: APPC_FILTER_XZ
    case .zstd: APPC_FILTER_ZSTD
    }
  }

  private func failure(_ status: Int64, _ message: String) -> ArchiveError {
    switch CInt(truncatingIfNeeded: -status) {
    case ENOENT:
      return ArchiveError(
        .missingLibrary, operation: "write image", subject: "",
        detail:
          "\(kind) needs libarchive; install the package libarchive13 or write gzip (\(message))")
    case ENOTSUP:
      return ArchiveError(
        .missingLibrary, operation: "write image", subject: "",
        detail: "\(kind) cannot be written: \(message); install another, or write gzip")
    case ENOMEM: return .system(ENOMEM, "write image", "", "libarchive has no memory")
    default: return .system(EIO, "write image", "", "libarchive cannot compress (\(message))")
    }
  }
}

/// Calls into CAppcArchive with room for its message, which is there when the status is negative.
func withFilterMessage(
  _ body: (UnsafeMutablePointer<CChar>, Int) -> Int64
) -> (status: Int64, message: String) {
  var text = [CChar](repeating: 0, count: 256)
  let status = text.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.map { body($0, buffer.count) } ?? -1
  }
  return (status, status < 0 ? excerpt(text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))) : "")
}
