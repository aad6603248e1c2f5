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
    var parser = JSONParser(limits: limits)
    do {
      return try parser.document(bytes)
    } catch {
      throw SchemaError(
        error.code, operation: "read", subject: "JSON", detail: error.message,
        position: JSONPosition(offset: error.offset, in: bytes))
    }
  }
}
