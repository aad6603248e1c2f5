/// A value of the schema: read from JSON, written as JSON, and nested in `Codable` types through it.
///
/// A value that was read keeps the document it was read from in memory, for what the schema does not know: a
/// single label of a manifest keeps all of the manifest. To hold values for long, make them anew, with
/// `init(json:mode:)` of their `json` or from their properties.
///
/// Reading is tolerant unless asked otherwise, and so is decoding. Encoding writes today's names. Through a
/// `Codable` coder the order of members and the layout are the coder's: to keep a document as it was, read its
/// bytes and write `serialized()`.
public protocol SchemaValue: Hashable, Sendable, Codable {
  /// Reads the value.
  ///
  /// Throws `invalidValue` or `invalidManifest`, the latter with every problem found.
  init(json: JSONValue, mode: ReadingMode) throws(SchemaError)
  /// The value as JSON, under today's names.
  var json: JSONValue { get }
}

extension SchemaValue {
  /// Reads the value tolerantly.
  ///
  /// Throws `invalidValue` or `invalidManifest`, the latter with every problem found.
  public init(json: JSONValue) throws(SchemaError) { try self.init(json: json, mode: .tolerant) }

  /// Decodes the value from any coder; throws `DecodingError.dataCorrupted` if it breaks a rule.
  public init(from decoder: any Decoder) throws {
    let json = try JSONValue(from: decoder)
    do {
      try self.init(json: json, mode: .tolerant)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// Encodes the value with any coder.
  public func encode(to encoder: any Encoder) throws {
    try json.encode(to: encoder)
  }
}

extension SchemaObject {
  /// Reads the value as a document of its own.
  public init(json: JSONValue, mode: ReadingMode) throws(SchemaError) {
    var reader = SchemaReader(try JSONDocument(json), mode: mode)
    let value = Self(.root, &reader)
    guard let value, !reader.hasErrors else { throw reader.failure("\(Self.self)") }
    self = value
  }
}

extension App: SchemaValue {}
extension Annotation: SchemaValue {}
extension Dependency: SchemaValue {}
extension Environment.Variable: SchemaValue {}
extension EventHandler: SchemaValue {}
extension ExposedPort: SchemaValue {}
extension ImageManifest: SchemaValue {}
extension Isolator: SchemaValue {}
extension Label: SchemaValue {}
extension Mount: SchemaValue {}
extension MountPoint: SchemaValue {}
extension PodManifest: SchemaValue {}
extension Port: SchemaValue {}
extension RuntimeApp: SchemaValue {}
extension RuntimeImage: SchemaValue {}
extension Volume: SchemaValue {}

/// Values of the schema in a list, no two of one name.
protocol SchemaList: SchemaValue, RandomAccessCollection where Element: SchemaValue {
  init()
  /// Reads a list; what is wrong in it has been reported then.
  init(_ node: JSONNode, _ reader: inout SchemaReader)
}

extension SchemaList {
  /// Reads a list; `null` is an empty one (A18).
  public init(json: JSONValue, mode: ReadingMode) throws(SchemaError) {
    var reader = SchemaReader(try JSONDocument(json), mode: mode)
    if reader.isNull(.root) {
      self.init()
    } else {
      self.init(.root, &reader)
    }
    if reader.hasErrors { throw reader.failure("\(Self.self)") }
  }

  /// The elements as a list.
  public var json: JSONValue { .array(map(\.json)) }
}

extension Labels: SchemaList {
  init(_ node: JSONNode, _ reader: inout SchemaReader) { self.init(node, &reader, rule: "D4") }
}

extension Annotations: SchemaList {}
extension Environment: SchemaList {}
