/// A value of the schema that JSON has as a string.
protocol SchemaText: SchemaValue, CustomStringConvertible {
  init(_ text: String, mode: ReadingMode) throws(SchemaError)
  static var typeName: String { get }
}

extension SchemaText {
  /// Reads the value from a JSON string; throws `invalidValue` for anything else.
  public init(json: JSONValue, mode: ReadingMode) throws(SchemaError) {
    guard case .string(let text) = json else {
      throw SchemaError(
        .invalidValue, operation: "read", subject: Self.typeName,
        detail: "it must be a string, not \(json.kindName)")
    }
    try self.init(text, mode: mode)
  }

  /// The value as a JSON string.
  public var json: JSONValue { .string(description) }
}

extension ACIdentifier: SchemaText {
  static let typeName = "AC identifier"
}

extension ACName: SchemaText {
  static let typeName = "AC name"
}

extension ImageID: SchemaText {
  static let typeName = "image ID"
  init(_ text: String, mode: ReadingMode) throws(SchemaError) { try self.init(text) }
}

extension PodUUID: SchemaText {
  static let typeName = "UUID"
}

extension SemanticVersion: SchemaText {
  static let typeName = "version"
}

extension Timestamp: SchemaText {
  static let typeName = "date"
  init(_ text: String, mode: ReadingMode) throws(SchemaError) { try self.init(text) }
}

extension Quantity: SchemaValue {
  /// Reads a quantity from a JSON string, a number, or `null`, which is zero (A14); both modes read the same.
  public init(json: JSONValue, mode: ReadingMode) throws(SchemaError) { try self.init(json: json) }

  /// The canonical form as a JSON string.
  public var json: JSONValue { .string(description) }
}
