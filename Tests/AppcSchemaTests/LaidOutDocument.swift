@testable import AppcSchema

/// A document laid out as nobody would: any white space, escapes that need not be, members in any order, members
/// that the schema does not know.
struct LaidOutDocument {
  private(set) var bytes: [UInt8] = []
  /// Where each value stands, by its path: `$.labels[0].value`.
  private(set) var ranges: [String: Range<Int>] = [:]
  private var generator: SeededGenerator

  init(_ value: JSONValue, _ generator: inout SeededGenerator) {
    self.generator = generator
    space()
    write(value, at: .root, isFree: false)
    space()
    generator = self.generator
  }

  /// The document with other bytes in place of one value's; nil if there is no such value.
  func replacing(_ path: String, with value: JSONValue) -> [UInt8]? {
    ranges[path].map { Array(bytes[..<$0.lowerBound]) + value.serialized() + Array(bytes[$0.upperBound...]) }
  }

  private mutating func write(_ value: JSONValue, at path: JSONPath, isFree: Bool) {
    let start = bytes.count
    switch value {
    case .object(let object): write(object, at: path, isFree: isFree)
    case .array(let elements): write(elements, at: path, isFree: isFree)
    case .string(let text): write(text)
    default: bytes += value.serialized()
    }
    ranges[path.description] = start..<bytes.count
  }

  private mutating func write(_ elements: [JSONValue], at path: JSONPath, isFree: Bool) {
    bytes.append(ASCII.openBracket)
    space()
    for (index, element) in elements.enumerated() {
      if index > 0 { separator(ASCII.comma) }
      write(element, at: path.appending(.index(index)), isFree: isFree)
    }
    space()
    bytes.append(ASCII.closeBracket)
  }

  /// `isFree`: the keys are a user's own, so that their order and number say something.
  private mutating func write(_ object: JSONObject, at path: JSONPath, isFree: Bool) {
    var members = Array(object)
    if !isFree {
      members += generator.list(upTo: 2) { .init(key: "x-\($0.word())", value: $0.json(depth: 2)) }
      members = Array(JSONObject(members)).shuffled(using: &generator)
    }
    bytes.append(ASCII.openBrace)
    space()
    for (index, member) in members.enumerated() {
      if index > 0 { separator(ASCII.comma) }
      write(member.key)
      separator(ASCII.colon)
      let isFree =
        isFree || ["value", "userAnnotations", "userLabels"].contains(member.key)
        || member.key.hasPrefix("x-")
      write(member.value, at: path.appending(.key(JSONPath.ByteText(member.key))), isFree: isFree)
    }
    space()
    bytes.append(ASCII.closeBrace)
  }

  private mutating func separator(_ byte: UInt8) {
    space()
    bytes.append(byte)
    space()
  }

  private mutating func space() {
    guard generator.chance(40) else { return }
    bytes += generator.list { $0.pick(ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn) }
  }

  /// A string with some of its characters written as `\u....`.
  private mutating func write(_ text: String) {
    bytes.append(ASCII.quote)
    for scalar in text.unicodeScalars {
      if generator.chance(8) {
        for unit in String(scalar).utf16 { bytes += Self.escape(unit) }
      } else {
        bytes += JSONValue.string(String(scalar)).serialized().dropFirst().dropLast()
      }
    }
    bytes.append(ASCII.quote)
  }

  private static func escape(_ unit: UInt16) -> [UInt8] {
    let digits = [12, 8, 4, 0].map { ASCII.hexadecimalDigit(UInt8(truncatingIfNeeded: unit >> $0)) }
    return [ASCII.backslash, UInt8(ascii: "u")] + digits
  }
}

extension JSONPath {
  fileprivate func appending(_ component: Component) -> JSONPath {
    JSONPath(components: components + [component])
  }
}
