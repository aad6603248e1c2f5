/// The form `name,key=value,key=value` of volumes, mount points and ports on a command line, or `key=value,...`
/// alone (E14).
///
/// Values are taken as they stand: nothing is unescaped, so a comma cannot be part of one.
struct ParameterList {
  let type: String
  let text: String
  /// What stands before the first comma; empty for a list without a name.
  let name: String
  private var values: [(key: String, value: String)] = []
  private var unused: [String] = []

  /// More parameters than any form has.
  ///
  /// Each is compared with those before it, and a text may come from a manifest: a value is described by a
  /// form that reads back as it.
  private static let limit = 32

  /// Takes `name,key=value,...` apart.
  init(_ text: String, type: String) throws(SchemaError) {
    let parts = Self.parts(of: text)
    let name = String(decoding: parts.first ?? text.utf8[...], as: UTF8.self)
    try self.init(text, type: type, name: name, pairs: parts.dropFirst())
  }

  /// Takes `key=value,...` apart.
  init(pairs text: String, type: String) throws(SchemaError) {
    try self.init(text, type: type, name: "", pairs: Self.parts(of: text)[...])
  }

  private init(
    _ text: String, type: String, name: String, pairs: ArraySlice<Substring.UTF8View>
  ) throws(SchemaError) {
    self.type = type
    self.text = text
    self.name = name
    if text.utf8.contains(0) { throw SchemaError.value(text, of: type, "it holds a NUL character") }
    guard pairs.count <= Self.limit else {
      throw SchemaError.value(text, of: type, "it has \(pairs.count) parameters; no form has so many")
    }
    for pair in pairs {
      guard let equals = pair.firstIndex(of: ASCII.equals) else {
        throw SchemaError.value(
          text, of: type, "\(quoted(String(decoding: pair, as: UTF8.self))) has not the form key=value")
      }
      let key = String(decoding: pair[..<equals], as: UTF8.self)
      let isName = !name.isEmpty && key.hasSameBytes(as: "name")
      guard !isName, !values.contains(where: { $0.key.hasSameBytes(as: key) }) else {
        throw SchemaError.value(text, of: type, "\(quoted(key)) is given twice")
      }
      values.append((key, String(decoding: pair[pair.index(after: equals)...], as: UTF8.self)))
    }
    unused = values.map(\.key)
  }

  private static func parts(of text: String) -> [Substring.UTF8View] {
    text.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
  }

  /// Takes the value of a parameter.
  mutating func take(_ key: String) -> String? {
    unused.removeAll { $0.hasSameBytes(as: key) }
    return values.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// Takes a truth value.
  mutating func takeBool(_ key: String) throws(SchemaError) -> Bool? {
    guard let text = take(key) else { return nil }
    guard let value = Bool(anySpelling: text) else {
      throw refusal("\(key) must be true or false, not \(quoted(text))")
    }
    return value
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

extension Bool {
  /// A truth value in any of the spellings that Go's `strconv.ParseBool` knows (E14): 1, t, T, true, True,
  /// TRUE, and the same of false; nil for any other text.
  init?(anySpelling text: String) {
    if ["1", "t", "T", "true", "True", "TRUE"].contains(where: text.hasSameBytes(as:)) {
      self = true
    } else if ["0", "f", "F", "false", "False", "FALSE"].contains(where: text.hasSameBytes(as:)) {
      self = false
    } else {
      return nil
    }
  }
}
