extension SchemaReader {
  /// The value as an object, nil and an error if it is none.
  mutating func object(_ value: JSONValue, _ rule: String) -> JSONObject? {
    if case .object(let object) = value { return object }
    error(rule, "must be an object, not \(value.kindName)")
    return nil
  }

  /// A member that must be there; `null` counts as missing.
  mutating func required(_ object: JSONObject, _ key: String, _ rule: String) -> JSONValue? {
    if let value = object[key], !value.isNull { return value }
    at(key) { $0.error(rule, "is missing; it is required") }
    return nil
  }

  /// A member that may be missing; `null` is the same as missing (A18).
  func optional(_ object: JSONObject, _ key: String) -> JSONValue? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  /// A string member that may be missing.
  ///
  /// A NUL in it is refused: the kernel would cut the text there.
  mutating func string(_ object: JSONObject, _ key: String, _ rule: String) -> String? {
    guard let value = optional(object, key) else { return nil }
    return at(key) { $0.string(value, rule) }
  }

  /// A string member that must be there.
  mutating func requiredString(_ object: JSONObject, _ key: String, _ rule: String) -> String? {
    guard let value = required(object, key, rule) else { return nil }
    return at(key) { $0.string(value, rule) }
  }

  mutating func string(_ value: JSONValue, _ rule: String) -> String? {
    guard case .string(let text) = value else {
      error(rule, "must be a string, not \(value.kindName)")
      return nil
    }
    if withBytes(of: text, { $0.contains(0) }) {
      error(rule, "holds a NUL character")
      return nil
    }
    return text
  }

  mutating func bool(_ object: JSONObject, _ key: String, _ rule: String) -> Bool? {
    guard let value = optional(object, key) else { return nil }
    if case .bool(let flag) = value { return flag }
    at(key) { $0.error(rule, "must be true or false, not \(value.kindName)") }
    return nil
  }

  /// An integer member within a range; written without fraction or exponent.
  mutating func integer<Integer: FixedWidthInteger & Sendable>(
    _ object: JSONObject, _ key: String, _ rule: String, in range: ClosedRange<Integer>
  ) -> Integer? {
    guard let value = optional(object, key) else { return nil }
    return at(key) { $0.integer(value, rule, in: range) }
  }

  mutating func integer<Integer: FixedWidthInteger & Sendable>(
    _ value: JSONValue, _ rule: String, in range: ClosedRange<Integer>
  ) -> Integer? {
    guard case .number(let number) = value else {
      error(rule, "must be a number, not \(value.kindName)")
      return nil
    }
    guard let integer: Integer = number.integer(), range.contains(integer) else {
      error(
        rule,
        "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(quoted(number.text))")
      return nil
    }
    return integer
  }

  /// The elements of a list member, each read by `read`; those that cannot be read are left out, with an
  /// error.
  mutating func list<Element>(
    _ object: JSONObject, _ key: String, _ rule: String,
    _ read: (JSONValue, inout SchemaReader) -> Element?
  ) -> [Element] {
    guard let value = optional(object, key) else { return [] }
    return at(key) { $0.list(value, rule, read) }
  }

  mutating func list<Element>(
    _ value: JSONValue, _ rule: String, _ read: (JSONValue, inout SchemaReader) -> Element?
  ) -> [Element] {
    guard case .array(let values) = value else {
      error(rule, "must be a list, not \(value.kindName)")
      return []
    }
    var elements: [Element] = []
    elements.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      if let element = at(index, { read(value, &$0) }) { elements.append(element) }
    }
    return elements
  }

  /// An AC identifier; side-by-side separators are tolerated with a warning.
  mutating func identifier(_ text: String) -> ACIdentifier? {
    if mode == .tolerant, let name = try? ACIdentifier(text, mode: .tolerant) {
      if IdentifierGrammar.identifier.problem(of: text, mode: .strict) != nil {
        warn("A1", "two separators stand side by side in \(quoted(text))")
      }
      return name
    }
    return attempt("A1") { () throws(SchemaError) in try ACIdentifier(text) }
  }

  /// An AC name.
  ///
  /// Up to 0.5.2 all names had one grammar, with "." and "/": those are sanitised.
  mutating func name(_ text: String) -> ACName? {
    if mode == .tolerant, let name = try? ACName(text, mode: .tolerant) {
      if IdentifierGrammar.name.problem(of: text, mode: .strict) != nil {
        warn("A4", "two separators stand side by side in \(quoted(text))")
      }
      return name
    }
    if mode == .tolerant, version < SemanticVersion(0, 6, 0),
      IdentifierGrammar.identifier.problem(of: text, mode: .tolerant) == nil,
      let name = try? ACName.sanitized(text)
    {
      upgrade("the name \(quoted(text)) is read as \"\(name)\"")
      return name
    }
    return attempt("A4") { () throws(SchemaError) in try ACName(text) }
  }

  /// Whether no two of a few keys are the same; comparing them all is faster than hashing.
  private static func areDistinct(_ keys: [String]) -> Bool {
    keys.indices.allSatisfy { index in
      keys[..<index].allSatisfy { !$0.hasSameBytes(as: keys[index]) }
    }
  }

  /// Reports every element that has the key of an earlier one, in linear time.
  mutating func unique<Element>(
    _ elements: [Element], key: (Element) -> String, _ report: (inout SchemaReader, String) -> Void
  ) {
    guard elements.count > 1 else { return }
    if elements.count <= 8, Self.areDistinct(elements.map(key)) { return }
    var seen = Set<ByteKey>(minimumCapacity: elements.count)
    for element in elements {
      let key = key(element)
      if !seen.insert(ByteKey(key)).inserted { report(&self, key) }
    }
  }
}
