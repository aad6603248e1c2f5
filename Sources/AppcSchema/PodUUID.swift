/// The identity of a pod: an RFC 4122 UUID (A9).
///
/// Never the nil UUID.
public struct PodUUID: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// A random (version 4) UUID from the system's secure generator.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  /// A random (version 4) UUID from the generator given.
  public init(using generator: inout some RandomNumberGenerator) {
    high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
  }

  /// Reads 32 hexadecimal digits of either case, with dashes wherever they are, as the reference
  /// implementation; strict: only as 8-4-4-4-12.
  ///
  /// Throws `invalidValue`, also for the nil UUID.
  public init(_ text: String, mode: ReadingMode = .tolerant) throws(SchemaError) {
    var halves: [UInt64] = [0, 0]
    var digits = 0
    var dashes: [Int] = []
    for byte in text.utf8 {
      if byte == ASCII.minus {
        dashes.append(digits)
        continue
      }
      guard let value = ASCII.hexadecimalValue(byte), digits < 32 else {
        throw SchemaError.value(text, of: "UUID", "it must be 32 hexadecimal digits as 8-4-4-4-12")
      }
      halves[digits / 16] = halves[digits / 16] << 4 | UInt64(value)
      digits += 1
    }
    guard digits == 32, mode == .tolerant || dashes == [8, 12, 16, 20] else {
      throw SchemaError.value(text, of: "UUID", "it must be 32 hexadecimal digits as 8-4-4-4-12")
    }
    guard halves != [0, 0] else { throw SchemaError.value(text, of: "UUID", "the nil UUID names no pod") }
    (high, low) = (halves[0], halves[1])
  }

  /// The first eight digits: what lists of pods show.
  public var short: String { String(description.prefix(8)) }
}

extension PodUUID: Comparable, CustomStringConvertible {
  /// Lower-case digits as 8-4-4-4-12.
  public var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for digit in 0..<32 {
      if [8, 12, 16, 20].contains(digit) { text.append(ASCII.minus) }
      let half = digit < 16 ? high : low
      text.append(ASCII.hexadecimalDigit(UInt8(truncatingIfNeeded: half >> UInt64(60 - digit % 16 * 4))))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Orders by digits.
  public static func < (left: PodUUID, right: PodUUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
