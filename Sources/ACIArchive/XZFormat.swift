import CAppcDeflate

/// The constants of the .xz file format, version 1.2.
enum XZFormat {
  static let headerMagic: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
  static let footerMagic: [UInt8] = [0x59, 0x5A]
  /// Of a stream's header, and of its footer.
  static let headerSize = 12
  /// The check that we write, CRC-64 (2.1.1.2).
  static let ownCheck: UInt8 = 4
  /// The only filter that may stand last (5.3.1).
  static let lzma2: UInt64 = 0x21

  /// The size of a block's check by its type (2.1.1.2).
  static func checkSize(_ type: UInt8) -> Int {
    switch type & 0xF {
    case 0: 0
    case 1...3: 4
    case 4...6: 8
    case 7...9: 16
    case 10...12: 32
    default: 64
    }
  }

  /// Zeros that fill up to a multiple of four.
  static func padding(after count: UInt64) -> Int { Int((4 - count % 4) % 4) }

  /// A number as the format has it: seven bits a byte, least significant first (1.2).
  static func bytes(of number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// Four bytes, least significant first.
  static func littleEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// Bytes with the CRC-32 that ends every part of the format.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    bytes + littleEndian(libdeflate_crc32(0, bytes, bytes.count))
  }
}

/// Takes numbers and bytes off a part of an .xz file that is there as a whole.
struct XZScanner {
  private let bytes: [UInt8]
  private(set) var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func byte() -> UInt8? {
    guard index < bytes.count else { return nil }
    index += 1
    return bytes[index - 1]
  }

  /// Nil when it is not whole or has more than 63 bits.
  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = byte() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
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
