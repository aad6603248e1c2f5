/// Makes values of an input, front to back; at its end all is zero.
struct InputCursor {
  private var rest: ArraySlice<UInt8>

  var isAtEnd: Bool { rest.isEmpty }

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func bool() -> Bool { byte() & 1 == 1 }

  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return Array(taken)
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(byte()) % values.count] }

  /// Little numbers mostly, and those at which things change.
  mutating func number() -> Int64 {
    let first = byte()
    switch first {
    case ..<0xC0: return Int64(first)
    case ..<0xF0: return Int64(first & 0x3F) << 8 | Int64(byte())
    case ..<0xF8: return bytes(8).reduce(0) { $0 << 8 | Int64($1) }
    default:
      return [
        0o7777777, 0o7777777 + 1, 0xFFFF_FFFE, 0xFFFF_FFFF, 1 << 33, .max, .min, -1,
      ][Int(first - 0xF8)]
    }
  }
}
