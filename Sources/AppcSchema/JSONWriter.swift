/// How a JSON document is laid out.
public enum JSONStyle: Hashable, Sendable {
  /// No white space.
  case compact
  /// Four spaces a level, as the reference implementation prints, and a line feed at the end.
  case pretty
  /// What was read stays as it stands, byte for byte; only what has changed since is written anew.
  ///
  /// The same as `pretty` for a value that was not read from bytes.
  case preserving
}

extension JSONValue {
  /// The value as a document.
  ///
  /// `preserving` is `pretty` here: a bare value has no source.
  public func serialized(_ style: JSONStyle = .compact) -> [UInt8] {
    var writer = JSONWriter(unit: style == .compact ? nil : [UInt8](repeating: ASCII.space, count: 4))
    writer.write(self, level: 0)
    if style != .compact { writer.output.append(ASCII.lineFeed) }
    return writer.output
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as compact JSON.
  public var description: String { String(decoding: serialized(), as: UTF8.self) }
}

/// Writes JSON: the shortest escapes, nothing escaped that need not be.
struct JSONWriter {
  /// What one level is indented by, nil for one line without white space.
  let unit: [UInt8]?
  /// What ends a line.
  let lineEnd: [UInt8]
  var output: [UInt8] = []

  init(unit: [UInt8]?, lineEnd: [UInt8] = [ASCII.lineFeed]) {
    self.unit = unit
    self.lineEnd = lineEnd
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let number): output.append(contentsOf: number.text.utf8)
    case .string(let text): write(text)
    case .array(let elements): write(elements, level: level)
    case .object(let object): write(object, level: level)
    }
  }

  private mutating func write(_ elements: [JSONValue], level: Int) {
    output.append(ASCII.openBracket)
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      newLine(level + 1)
      write(element, level: level + 1)
    }
    if !elements.isEmpty { newLine(level) }
    output.append(ASCII.closeBracket)
  }

  private mutating func write(_ object: JSONObject, level: Int) {
    output.append(ASCII.openBrace)
    for (index, member) in object.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      newLine(level + 1)
      write(member, level: level + 1)
    }
    if !object.isEmpty { newLine(level) }
    output.append(ASCII.closeBrace)
  }

  mutating func write(_ member: JSONObject.Member, level: Int) {
    write(member.key)
    output.append(ASCII.colon)
    if unit != nil { output.append(ASCII.space) }
    write(member.value, level: level)
  }

  mutating func newLine(_ level: Int) {
    guard let unit else { return }
    output += lineEnd
    for _ in 0..<level { output += unit }
  }

  mutating func write(_ text: String) {
    output.append(ASCII.quote)
    withBytes(of: text) { bytes in
      for byte in bytes { write(byte) }
    }
    output.append(ASCII.quote)
  }

  private mutating func write(_ byte: UInt8) {
    switch byte {
    case ASCII.quote, ASCII.backslash: escape(byte)
    case ASCII.backspace: escape(UInt8(ascii: "b"))
    case ASCII.formFeed: escape(UInt8(ascii: "f"))
    case ASCII.lineFeed: escape(UInt8(ascii: "n"))
    case ASCII.carriageReturn: escape(UInt8(ascii: "r"))
    case ASCII.tab: escape(UInt8(ascii: "t"))
    case 0..<0x20:
      output.append(contentsOf: "\\u00".utf8)
      output.append(ASCII.hexadecimalDigit(byte >> 4))
      output.append(ASCII.hexadecimalDigit(byte))
    default: output.append(byte)
    }
  }

  private mutating func escape(_ selector: UInt8) {
    output.append(ASCII.backslash)
    output.append(selector)
  }
}
