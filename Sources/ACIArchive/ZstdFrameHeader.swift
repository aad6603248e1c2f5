/// The header of a Zstandard frame (RFC 8878, 3.1.1.1), without its magic number.
struct ZstdFrameHeader {
  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Whether a checksum of the content ends the frame.
  var hasChecksum: Bool
  /// Length of the content, if the header tells it.
  var contentSize: UInt64?
  private let window: UInt8?
  private let dictionaryID: [UInt8]

  /// How many bytes follow the descriptor, the header's first byte.
  static func size(after descriptor: UInt8) -> Int {
    let isSingleSegment = descriptor & 0x20 != 0
    return (isSingleSegment ? 0 : 1) + dictionaryIDSize(descriptor) + contentSizeSize(descriptor)
  }

  /// Nil when it is not whole, or has the reserved bit.
  init?(_ bytes: [UInt8]) {
    guard let descriptor = bytes.first, descriptor & 8 == 0,
      bytes.count == 1 + ZstdFrameHeader.size(after: descriptor)
    else { return nil }
    let isSingleSegment = descriptor & 0x20 != 0
    var rest = bytes.dropFirst()
    window = isSingleSegment ? nil : rest.removeFirst()
    dictionaryID = Array(rest.prefix(ZstdFrameHeader.dictionaryIDSize(descriptor)))
    rest = rest.dropFirst(dictionaryID.count)
    hasChecksum = descriptor & 4 != 0
    guard !rest.isEmpty else { return }
    let number = rest.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // Two bytes count from 256 on, for one byte holds the rest.
    contentSize = rest.count == 2 ? number + 256 : number
  }

  /// Memory that the decoder needs for what it may refer back to, in bytes.
  var windowSize: UInt64 {
    guard let window else { return contentSize ?? 0 }
    let base = UInt64(1) << (10 + UInt64(window >> 3))
    return base + base / 8 * UInt64(window & 7)
  }

  /// The header's bytes, with a length of content below 4 GiB in four bytes.
  func serialized() -> [UInt8] {
    let idCode: UInt8 = dictionaryID.count == 4 ? 3 : UInt8(dictionaryID.count)
    var descriptor = idCode | (hasChecksum ? 4 : 0) | (window == nil ? 0x20 : 0)
    if let contentSize { descriptor |= contentSize >> 32 == 0 ? 0x80 : 0xC0 }
    let size = contentSize.map { size in
      (0..<(size >> 32 == 0 ? 4 : 8)).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
    }
    return [descriptor] + (window.map { [$0] } ?? []) + dictionaryID + (size ?? [])
  }

  private static func dictionaryIDSize(_ descriptor: UInt8) -> Int { [0, 1, 2, 4][Int(descriptor & 3)] }

  private static func contentSizeSize(_ descriptor: UInt8) -> Int {
    let isSingleSegment = descriptor & 0x20 != 0
    return [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
  }
}
