/// The header of a block in an xz stream (The .xz File Format, 3.1).
struct XZBlockHeader {
  /// Length of the header itself in bytes.
  let size: Int
  /// Length of the compressed data, without padding and check, if the header tells it.
  var compressedSize: UInt64?
  /// Length of what comes out, if the header tells it.
  var uncompressedSize: UInt64?
  /// Memory that the decoder needs as its dictionary, in bytes.
  let dictionaryBytes: Int64
  private let filterCount: UInt8
  private let filters: ArraySlice<UInt8>

  /// Reads a whole header, its checksum included, which is left to the decoder to check.
  ///
  /// Nil when it is malformed, or its last filter is not LZMA2.
  init?(_ bytes: [UInt8]) {
    guard let first = bytes.first, first != 0, bytes.count == XZBlockHeader.size(first) else { return nil }
    var scanner = XZScanner(Array(bytes.dropLast(4)))
    guard scanner.byte() != nil, let flags = scanner.byte(), flags & 0x3C == 0 else { return nil }
    size = bytes.count
    if flags & 0x40 != 0 {
      guard let number = scanner.number() else { return nil }
      compressedSize = number
    }
    if flags & 0x80 != 0 {
      guard let number = scanner.number() else { return nil }
      uncompressedSize = number
    }
    let start = scanner.index
    var last: (filter: UInt64, properties: ArraySlice<UInt8>)?
    for _ in 0...(flags & 3) {
      guard let filter = scanner.number(), let length = scanner.number(),
        let properties = scanner.take(length)
      else { return nil }
      last = (filter, properties)
    }
    guard let last, last.filter == XZFormat.lzma2, last.properties.count == 1,
      let dictionary = last.properties.first.flatMap(XZBlockHeader.dictionary)
    else { return nil }
    dictionaryBytes = dictionary
    filterCount = flags & 3
    filters = bytes[start..<scanner.index]
  }

  /// The length of a header that begins with this byte, which is not 0.
  static func size(_ first: UInt8) -> Int { (Int(first) + 1) * 4 }

  /// The header's bytes.
  func serialized() -> [UInt8] {
    var flags = filterCount
    if compressedSize != nil { flags |= 0x40 }
    if uncompressedSize != nil { flags |= 0x80 }
    var bytes: [UInt8] = [0, flags]
    bytes += compressedSize.map(XZFormat.bytes) ?? []
    bytes += uncompressedSize.map(XZFormat.bytes) ?? []
    bytes += filters
    bytes += [UInt8](repeating: 0, count: XZFormat.padding(after: UInt64(bytes.count)))
    // With its checksum it is no longer than 1024 bytes: it was so before, and two numbers were added.
    bytes[0] = UInt8(truncatingIfNeeded: bytes.count / 4)
    return XZFormat.sealed(bytes)
  }

  /// LZMA2's one byte of properties (5.3.1).
  private static func dictionary(_ code: UInt8) -> Int64? {
    guard code <= 40 else { return nil }
    return code == 40 ? Int64(UInt32.max) : Int64(2 | code & 1) << Int64(code / 2 + 11)
  }
}
