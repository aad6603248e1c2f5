import AppcSchema

/// JSON as the reference implementation reads it: of two members of one key the last counts, and half of a
/// surrogate pair that stands alone becomes U+FFFD.
///
/// The library refuses both. With this reader the suite reads corpus files without trusting the parser that
/// it tests, looks into documents that were refused, and makes of them what the reference took them for.
struct LenientJSON {
  /// What the library's parser does not take.
  enum Departure: Hashable {
    case duplicateKey
    case loneSurrogate
  }

  let value: JSONValue
  let departures: Set<Departure>

  /// Reads a document, nil if it is none.
  init?(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    guard let value = scanner.value(depth: 0), scanner.isAtEnd() else { return nil }
    self.value = value
    departures = scanner.departures
  }
}

private struct Scanner {
  let bytes: [UInt8]
  var index = 0
  var departures: Set<LenientJSON.Departure> = []

  private static let deepest = 500

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func isAtEnd() -> Bool {
    skipBlanks()
    return index == bytes.count
  }

  mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth < Self.deepest, index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    case UInt8(ascii: "t"): return take("true") ? true : nil
    case UInt8(ascii: "f"): return take("false") ? false : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    var members: [JSONObject.Member] = []
    var keys: Set<[UInt8]> = []
    guard take("{") else { return nil }
    skipBlanks()
    if take("}") { return .object(JSONObject()) }
    repeat {
      skipBlanks()
      guard let key = string(), skipBlanks(), take(":"), let value = value(depth: depth + 1) else {
        return nil
      }
      if !keys.insert(Array(key.utf8)).inserted { departures.insert(.duplicateKey) }
      members.append(JSONObject.Member(key: key, value: value))
      skipBlanks()
    } while take(",")
    return take("}") ? .object(JSONObject(members)) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    guard take("[") else { return nil }
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
      skipBlanks()
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func number() -> JSONValue? {
    let rest = bytes[index...].prefix { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    guard let number = JSONNumber(String(decoding: rest, as: UTF8.self)) else { return nil }
    index = rest.endIndex
    return .number(number)
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard index < bytes.count else { return nil }
    let letter = bytes[index]
    index += 1
    switch letter {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return codePoint()
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    default: return nil
    }
  }

  private mutating func codePoint() -> Unicode.Scalar? {
    guard let unit = hexadecimal() else { return nil }
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let start = index
    if unit < 0xDC00, take("\\u"), let low = hexadecimal(), (0xDC00...0xDFFF).contains(low) {
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    }
    index = start
    departures.insert(.loneSurrogate)
    return "\u{FFFD}"
  }

  private mutating func hexadecimal() -> UInt32? {
    let digits = bytes[index...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0 < 0x80 && Character(Unicode.Scalar($0)).isHexDigit })
    else {
      return nil
    }
    index += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = Array("\(text)".utf8)
    guard bytes[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    return true
  }
}
