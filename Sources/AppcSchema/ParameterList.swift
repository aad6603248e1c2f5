/// The form `name,key=value,key=value` of volumes, mount points and ports on a command line (E14).
///
/// Values are taken as they stand: nothing is unescaped, so a comma cannot be part of one.
struct ParameterList {
  let type: String
  let text: String
  let name: String
  private var values: [(key: String, value: String)] = []
  private var unused: [String] = []

  init(_ text: String, type: String) throws(SchemaError) {
    self.type = type
    self.text = text
    let parts = text.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
    name = String(decoding: parts.first ?? text.utf8[...], as: UTF8.self)
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: ASCII.equals) else {
        throw SchemaError.value(
          text, of: type, "\(quoted(String(decoding: part, as: UTF8.self))) has not the form key=value")
      }
      let key = String(decoding: part[..<equals], as: UTF8.self)
      guard key != "name", !values.contains(where: { $0.key.hasSameBytes(as: key) }) else {
        throw SchemaError.value(text, of: type, "\(quoted(key)) is given twice")
      }
      values.append((key, String(decoding: part[part.index(after: equals)...], as: UTF8.self)))
    }
    unused = values.map(\.key)
  }

  /// Takes the value of a parameter.
  mutating func take(_ key: String) -> String? {
    unused.removeAll { $0.hasSameBytes(as: key) }
    return values.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// Takes a truth value in any of the spellings that Go's `strconv.ParseBool` knows.
  mutating func takeBool(_ key: String) throws(SchemaError) -> Bool? {
    guard let text = take(key) else { return nil }
    switch Array(text.utf8) {
    case Array("1".utf8), Array("t".utf8), Array("T".utf8), Array("true".utf8), Array("TRUE".utf8),
      Array("True".utf8):
      return true
    case Array("0".utf8), Array("f".utf8), Array("F".utf8), Array("false".utf8), Array("FALSE".utf8),
      Array("False".utf8):
      return false
    default: throw refusal("\(key) must be true or false, not \(quoted(text))")
    }
  }

  /// Takes a number written in decimal digits.
  mutating func takeInteger<Integer: FixedWidthInteger>(
    _ key: String, in range: ClosedRange<Integer>
  ) throws(SchemaError) -> Integer? {
    guard let text = take(key) else { return nil }
    guard text.utf8.allSatisfy(ASCII.isDigit), let number = Integer(text), range.contains(number) else {
      throw refusal(
        "\(key) must be a number from \(range.lowerBound) to \(range.upperBound), not \(quoted(text))")
    }
    return number
  }

  /// Throws if a parameter was not taken.
  func finish() throws(SchemaError) {
    if let key = unused.first { throw refusal("there is no parameter \(quoted(key))") }
  }

  func refusal(_ detail: String) -> SchemaError { .value(text, of: type, detail) }
}
