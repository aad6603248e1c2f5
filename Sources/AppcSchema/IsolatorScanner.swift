/// Takes the command-line forms of isolators apart (E14): a name, then items with commas before them, or an
/// equals sign and a JSON value.
///
/// A value that starts with a quotation mark is a JSON string, so it may hold anything. In a list a colon that
/// is not inside JSON ends the isolator; alone it is a character like others.
struct IsolatorScanner {
  /// What stands between two commas.
  enum Item: Equatable {
    case word(String)
    case pair(key: String, value: String)
  }

  /// One isolator, its value not yet understood.
  enum Form {
    /// `{"name":...,"value":...}`
    case object(JSONValue)
    /// `name={...}`
    case json(name: ACIdentifier, value: JSONValue)
    /// `name,item,item`
    case items(name: ACIdentifier, [Item])
  }

  private let text: String
  private let bytes: [UInt8]
  private let isList: Bool
  private var index = 0

  init(_ text: String, isList: Bool) throws(SchemaError) {
    self.text = text
    self.isList = isList
    bytes = Array(text.utf8)
    if bytes.contains(0) { throw refusal("it holds a NUL character") }
  }

  var isAtEnd: Bool { index == bytes.count }

  /// Takes the colon between two isolators.
  mutating func separator() throws(SchemaError) {
    guard take(ASCII.colon) else { throw refusal("unexpected \(quoted(rest)) after an isolator") }
  }

  /// Takes one isolator.
  mutating func isolator() throws(SchemaError) -> Form {
    if index < bytes.count, bytes[index] == ASCII.openBrace { return .object(try json()) }
    let name = try ACIdentifier(raw(endedBy: [ASCII.comma, ASCII.equals]), mode: .tolerant)
    if take(ASCII.equals) { return .json(name: name, value: try json()) }
    var items: [Item] = []
    while take(ASCII.comma) { items.append(try item()) }
    guard !items.isEmpty else {
      let advice = isList ? "a value that holds a colon stands in quotation marks" : "write it after a comma"
      throw refusal("\(name) has no value; \(advice)")
    }
    return .items(name: name, items)
  }

  private mutating func item() throws(SchemaError) -> Item {
    let word = try word(endedBy: [ASCII.comma, ASCII.equals])
    guard take(ASCII.equals) else { return .word(word) }
    return .pair(key: word, value: try self.word(endedBy: [ASCII.comma]))
  }

  /// A JSON string, or the bytes up to the next separator.
  private mutating func word(endedBy separators: [UInt8]) throws(SchemaError) -> String {
    guard index < bytes.count, bytes[index] == ASCII.quote else { return raw(endedBy: separators) }
    let word = try json().string ?? ""
    let next = index < bytes.count ? bytes[index] : ASCII.comma
    guard separators.contains(next) || (isList && next == ASCII.colon) else {
      throw refusal("unexpected \(quoted(rest)) after a quotation mark")
    }
    return word
  }

  private mutating func raw(endedBy separators: [UInt8]) -> String {
    let start = index
    while index < bytes.count, !separators.contains(bytes[index]), !(isList && bytes[index] == ASCII.colon) {
      index += 1
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// A JSON value: to its own end if it has brackets or quotation marks, else to the end of the isolator.
  private mutating func json() throws(SchemaError) -> JSONValue {
    let start = index
    let first = index < bytes.count ? bytes[index] : 0
    if first == ASCII.openBrace || first == ASCII.openBracket || first == ASCII.quote {
      index = JSONExtent.end(in: bytes, from: index)
    } else {
      _ = raw(endedBy: [])
    }
    do {
      return try JSONValue.parse(Array(bytes[start..<index]))
    } catch {
      throw refusal("\(quoted(String(decoding: bytes[start..<index], as: UTF8.self))): \(error.detail)")
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private var rest: String { String(decoding: bytes[index...], as: UTF8.self) }

  func refusal(_ detail: String) -> SchemaError { .value(text, of: "isolator", detail) }
}
