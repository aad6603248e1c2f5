import ACIArchive

/// Lower-case hexadecimal digits.
enum HexDigits {
  static func of(_ byte: UInt8) -> [UInt8] {
    [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
  }
}

extension ContentDigest {
  /// The SHA-256 of `bytes` in 64 lower-case hexadecimal digits.
  static func hex(of bytes: [UInt8]) throws(ArchiveError) -> String {
    var digest = try ContentDigest()
    try bytes.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
      try digest.update(UnsafeRawBufferPointer(bytes))
    }
    let digits = try digest.finish().flatMap(HexDigits.of)
    return String(decoding: digits, as: UTF8.self)
  }
}
