extension SchemaReader {
  /// The members of an object, nil and an error if the value is none.
  mutating func fields(_ node: JSONNode, _ rule: String) -> ObjectFields? {
    let token = tokens[node.index]
    if token.kind == .object { return ObjectFields(node) }
    error(rule, at: node, "must be an object, not \(token.kindName)")
    return nil
  }

  /// Whether the string at `index` is `text`.
  func isText(of index: Int, _ text: StaticString) -> Bool {
    let token = tokens[index]
    if token.kind == .escapedString { return document.text(at: index).hasSameBytes(as: "\(text)") }
    let content = token.content
    guard content.count == text.utf8CodeUnitCount else { return false }
    let expected = text.utf8Start
    for offset in 0..<content.count where bytes[content.lowerBound + offset] != expected[offset] {
      return false
    }
    return true
  }

  func isNull(_ node: JSONNode) -> Bool { tokens[node.index].kind == .null }

  /// The value as a tree of its own.
  func value(_ node: JSONNode) -> JSONValue { document.value(at: node.index) }

  /// A member that must be there; `null` counts as missing.
  mutating func required(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String
  ) -> JSONNode? {
    if let node = optional(&fields, key) { return node }
    report(.error, rule, at: fields.object, missing: key, "is missing; it is required")
    return nil
  }

  /// A member that may be missing; `null` is the same as missing (A18).
  func optional(_ fields: inout ObjectFields, _ key: StaticString) -> JSONNode? {
    guard let node = fields.take(key, self), !isNull(node) else { return nil }
    return node
  }

  /// A member under today's key, or in tolerant mode under one that an earlier version had in its place.
  mutating func optional(
    _ fields: inout ObjectFields, _ key: StaticString, formerly older: [StaticString]
  ) -> JSONNode? {
    if let node = fields.take(key, self) { return isNull(node) ? nil : node }
    for former in older {
      guard let node = fields.take(former, self) else { continue }
      upgrade(at: node, "\"\(former)\" is read as \"\(key)\"")
      return isNull(node) ? nil : node
    }
    return nil
  }

  /// A string member that may be missing.
  mutating func string(_ fields: inout ObjectFields, _ key: StaticString, _ rule: String) -> String? {
    optional(&fields, key).flatMap { string($0, rule) }
  }

  /// A string.
  ///
  /// A NUL in it is refused: the kernel would cut the text there. Only an escape can say it.
  mutating func string(_ node: JSONNode, _ rule: String) -> String? {
    let token = tokens[node.index]
    switch token.kind {
    case .plainString: return token.text(in: bytes.span)
    case .escapedString:
      let text = token.text(in: bytes.span)
      if !withBytes(of: text, { $0.contains(0) }) { return text }
      error(rule, at: node, "holds a NUL character")
    default: error(rule, at: node, "must be a string, not \(token.kindName)")
    }
    return nil
  }

  mutating func bool(_ fields: inout ObjectFields, _ key: StaticString, _ rule: String) -> Bool? {
    optional(&fields, key).flatMap { bool($0, rule) }
  }

  mutating func bool(_ node: JSONNode, _ rule: String) -> Bool? {
    let token = tokens[node.index]
    switch token.kind {
    case .yes: return true
    case .no: return false
    default:
      error(rule, at: node, "must be true or false, not \(token.kindName)")
      return nil
    }
  }

  /// An integer member within a range; written without fraction or exponent.
  mutating func integer<Integer: FixedWidthInteger & Sendable>(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String, in range: ClosedRange<Integer>
  ) -> Integer? {
    optional(&fields, key).flatMap { integer($0, rule, in: range) }
  }

  mutating func integer<Integer: FixedWidthInteger & Sendable>(
    _ node: JSONNode, _ rule: String, in range: ClosedRange<Integer>
  ) -> Integer? {
    let token = tokens[node.index]
    guard token.kind == .number else {
      error(rule, at: node, "must be a number, not \(token.kindName)")
      return nil
    }
    let number = token.number(in: bytes.span)
    guard let integer: Integer = number.integer(), range.contains(integer) else {
      error(
        rule, at: node,
        "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(quoted(number.text))")
      return nil
    }
    return integer
  }

  /// The elements of a list member, each read by `read`; those that cannot be read are left out, with an
  /// error.
  mutating func list<Element>(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String,
    _ read: (JSONNode, inout SchemaReader) -> Element?
  ) -> [Element] {
    guard let node = optional(&fields, key) else { return [] }
    return list(node, rule, read)
  }

  mutating func list<Element>(
    _ node: JSONNode, _ rule: String, _ read: (JSONNode, inout SchemaReader) -> Element?
  ) -> [Element] {
    let list = tokens[node.index]
    guard list.kind == .array else {
      error(rule, at: node, "must be a list, not \(list.kindName)")
      return []
    }
    var elements: [Element] = []
    elements.reserveCapacity(tokens.count(ofChildrenOf: node.index))
    var index = node.index + 1
    let end = Int(list.next)
    while index < end {
      if let element = read(JSONNode(index: index), &self) { elements.append(element) }
      index = Int(tokens[index].next)
    }
    return elements
  }

  /// A list of strings.
  mutating func texts(_ fields: inout ObjectFields, _ key: StaticString, _ rule: String) -> [String] {
    list(&fields, key, rule) { $1.string($0, rule) }
  }

  /// The members of an object, each read by `read`; those that cannot be read are left out.
  mutating func members<Element>(
    _ node: JSONNode, _ rule: String, _ read: (String, JSONNode, inout SchemaReader) -> Element?
  ) -> [Element] {
    guard fields(node, rule) != nil else { return [] }
    var elements: [Element] = []
    var key = node.index + 1
    while key < Int(tokens[node.index].next) {
      let value = JSONNode(index: key + 1)
      let name = document.text(at: key)
      if tokens[key].kind == .escapedString, withBytes(of: name, { $0.contains(0) }) {
        error(rule, at: value, "the key holds a NUL character")
      } else if let element = read(name, value, &self) {
        elements.append(element)
      }
      key = Int(tokens[value.index].next)
    }
    return elements
  }

  /// Reports every element that has the key of an earlier one, in linear time.
  mutating func unique<Element>(
    _ elements: [Element], key: (Element) -> String, _ report: (inout SchemaReader, String) -> Void
  ) {
    guard elements.count > 1 else { return }
    if elements.count <= 8, Self.areDistinct(elements, key) { return }
    uniqueOfMany(elements, key: key, report)
  }

  /// Not inlined: most lists are short, and their readers the faster the smaller they are.
  @inline(never)
  private mutating func uniqueOfMany<Element>(
    _ elements: [Element], key: (Element) -> String, _ report: (inout SchemaReader, String) -> Void
  ) {
    var seen = HashedPositions(count: elements.count)
    for (position, element) in elements.enumerated() {
      let text = key(element)
      let isNew = seen.insert(position, hash: ByteKey(text).hashValue) { earlier in
        key(elements[earlier]).hasSameBytes(as: text)
      }
      if !isNew { report(&self, text) }
    }
  }

  /// Whether no two of a few elements have the same key; comparing them all is faster than hashing.
  private static func areDistinct<Element>(_ elements: [Element], _ key: (Element) -> String) -> Bool {
    for later in elements.indices.dropFirst() {
      let text = key(elements[later])
      for earlier in 0..<later where key(elements[earlier]).hasSameBytes(as: text) { return false }
    }
    return true
  }
}
