extension JSONValue {
  /// Reads one document as RFC 8259 defines it: UTF-8 without a byte order mark, no two members of an object
  /// with the same key, nothing after the value.
  ///
  /// Throws `malformedJSON` or `limitExceeded`, with the position.
  public static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(SchemaError) -> JSONValue {
    try parse(bytes.span, limits: limits)
  }

  /// Reads one document from a text.
  public static func parse(_ text: String, limits: JSONLimits = .default) throws(SchemaError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }

  /// Reads one document from borrowed bytes.
  public static func parse(
    _ bytes: borrowing Span<UInt8>, limits: JSONLimits = .default
  ) throws(SchemaError) -> JSONValue {
    JSONValue(tokens: try JSONParser.tokens(of: bytes, limits: limits), at: 0, in: bytes)
  }

  /// The value of the token at `index`.
  ///
  /// Calls itself for what is inside, which the parser has limited to `JSONLimits.maximumDepth`.
  init(tokens: [JSONToken], at index: Int, in bytes: borrowing Span<UInt8>) {
    let token = tokens[index]
    switch token.kind {
    case .null: self = .null
    case .yes: self = .bool(true)
    case .no: self = .bool(false)
    case .number: self = .number(token.number(in: bytes))
    case .plainString, .escapedString: self = .string(token.text(in: bytes))
    case .array: self = .array(Self.elements(tokens, of: index, in: bytes))
    case .object: self = .object(JSONObject(tokens: tokens, at: index, in: bytes))
    }
  }

  private static func elements(
    _ tokens: [JSONToken], of array: Int, in bytes: borrowing Span<UInt8>
  ) -> [JSONValue] {
    var elements: [JSONValue] = []
    elements.reserveCapacity(tokens.count(ofChildrenOf: array))
    var index = array + 1
    while index < Int(tokens[array].next) {
      elements.append(JSONValue(tokens: tokens, at: index, in: bytes))
      index = Int(tokens[index].next)
    }
    return elements
  }
}

extension JSONObject {
  /// The object of the token at `index`, whose keys the parser has found to differ.
  init(tokens: [JSONToken], at index: Int, in bytes: borrowing Span<UInt8>) {
    var members: [Member] = []
    members.reserveCapacity(tokens.count(ofChildrenOf: index) / 2)
    var key = index + 1
    while key < Int(tokens[index].next) {
      members.append(
        Member(
          key: tokens[key].text(in: bytes), value: JSONValue(tokens: tokens, at: key + 1, in: bytes)))
      key = Int(tokens[key + 1].next)
    }
    self.init(distinctMembers: members)
  }
}

extension [JSONToken] {
  /// How many tokens are inside the container at `index`, those inside of others not counted.
  func count(ofChildrenOf index: Int) -> Int {
    var count = 0
    var child = index + 1
    while child < Int(self[index].next) {
      count += 1
      child = Int(self[child].next)
    }
    return count
  }
}

extension JSONParser {
  /// The tokens of a whole document; at least one.
  static func tokens(
    of bytes: borrowing Span<UInt8>, limits: JSONLimits
  ) throws(SchemaError) -> [JSONToken] {
    var parser = JSONParser(limits: limits)
    do {
      try parser.document(bytes)
      return parser.tokens
    } catch {
      throw SchemaError(
        error.code, operation: "read", subject: "JSON", detail: error.message,
        position: JSONPosition(offset: error.offset, in: bytes))
    }
  }
}
