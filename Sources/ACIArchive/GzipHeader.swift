import CAppcDeflate

/// The header of a gzip member (RFC 1952, 2.3).
///
/// Nothing in it is used; all of it is checked.
enum GzipHeader {
  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let headerChecksum = Flags(rawValue: 2)
    static let extra = Flags(rawValue: 4)
    static let name = Flags(rawValue: 8)
    static let comment = Flags(rawValue: 16)
    static let reserved = Flags(rawValue: 0xE0)
  }

  /// Names and comments are never used; one this long is an attack on whoever stores them.
  private static let textLimit = 64 << 10

  /// Takes a header off the input.
  ///
  /// - Throws: `damaged` when it is malformed or its checksum is wrong, `truncated` when it is not whole.
  static func skip(in input: CompressedInput) throws(ArchiveError) {
    var cursor = Cursor(input: input)
    let fixed = try cursor.take(10)
    guard fixed[0] == 0x1F, fixed[1] == 0x8B else { throw fault("its magic is wrong") }
    guard fixed[2] == 8 else { throw fault("compression method \(fixed[2]) is not deflate") }
    let flags = Flags(rawValue: fixed[3])
    guard flags.isDisjoint(with: .reserved) else { throw fault("reserved flags are set") }
    if flags.contains(.extra) {
      let length = try cursor.take(2)
      _ = try cursor.take(Int(length[0]) | Int(length[1]) << 8)
    }
    if flags.contains(.name) { try cursor.skipText() }
    if flags.contains(.comment) { try cursor.skipText() }
    guard flags.contains(.headerChecksum) else { return }
    let expected = UInt16(truncatingIfNeeded: cursor.checksum)
    let stored = try cursor.take(2)
    guard UInt16(stored[0]) | UInt16(stored[1]) << 8 == expected else { throw fault("its checksum is wrong") }
  }

  private static func fault(_ what: String) -> ArchiveError {
    .reading(.damaged, "the gzip header is invalid: \(what)")
  }

  /// Takes bytes and sums them up.
  private struct Cursor {
    let input: CompressedInput
    var checksum: UInt32 = 0

    mutating func take(_ count: Int) throws(ArchiveError) -> [UInt8] {
      try input.fill(atLeast: count)
      guard input.window.count >= count else {
        throw .reading(.truncated, "the gzip header is not whole; get the image again")
      }
      let bytes = Array(input.window[..<count])
      input.consume(count)
      checksum = libdeflate_crc32(checksum, bytes, count)
      return bytes
    }

    mutating func skipText() throws(ArchiveError) {
      for _ in 0..<GzipHeader.textLimit where try take(1)[0] == 0 { return }
      throw GzipHeader.fault("a name in it has no end")
    }
  }
}
