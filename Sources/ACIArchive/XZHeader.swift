/// What an xz stream announces before its data (The .xz File Format, 3.1).
enum XZHeader {
  /// Refuses a stream whose first block asks for a larger dictionary than `limit`.
  ///
  /// libarchive's own limit is 1 GiB, which one hostile image of a few kilobytes would take.
  static func checkDictionary(of input: CompressedInput, limit: Int64) throws(ArchiveError) {
    try input.fill(atLeast: 12 + 1024)
    guard let size = dictionarySize(input.window), size > limit else { return }
    throw .reading(
      .limitExceeded,
      "it asks for a dictionary of \(size) bytes to decompress; raise dictionaryBytes to allow it")
  }

  /// The dictionary of the first block in bytes, or nil when the header says none; what is malformed is left
  /// to the decoder to refuse.
  static func dictionarySize(_ stream: UnsafeRawBufferPointer) -> Int64? {
    guard stream.count > 14, stream[12] != 0 else { return nil }
    let headerSize = (Int(stream[12]) + 1) * 4
    var header = Scanner(bytes: Array(stream.dropFirst(13).prefix(headerSize - 1)))
    guard let flags = header.byte() else { return nil }
    if flags & 0x40 != 0, header.number() == nil { return nil }
    if flags & 0x80 != 0, header.number() == nil { return nil }
    for _ in 0...(flags & 3) {
      guard let filter = header.number(), let length = header.number(),
        let properties = header.take(length)
      else { return nil }
      if filter == lzma2, let code = properties.first { return lzma2Dictionary(code) }
    }
    return nil
  }

  private static let lzma2: UInt64 = 0x21

  private static func lzma2Dictionary(_ code: UInt8) -> Int64? {
    guard code <= 40 else { return nil }
    return code == 40 ? Int64(UInt32.max) : Int64(2 | code & 1) << Int64(code / 2 + 11)
  }

  private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    mutating func byte() -> UInt8? {
      guard index < bytes.count else { return nil }
      index += 1
      return bytes[index - 1]
    }

    /// Seven bits a byte, least significant first.
    mutating func number() -> UInt64? {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 63, by: 7) {
        guard let byte = byte() else { return nil }
        value |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte & 0x80 == 0 { return value }
      }
      return nil
    }

    mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
      guard count <= bytes.count - index else { return nil }
      defer { index += Int(count) }
      return bytes[index..<index + Int(count)]
    }
  }
}
