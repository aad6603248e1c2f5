/// Why a manifest, a name or another schema value was refused.
///
/// `description` is one line: what was being read, where in it, which rule of the specification, and
/// what is wrong. Bytes that came from outside are escaped in it.
public struct SchemaError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, to branch on.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, Sendable {
      case malformedJSON = "malformed JSON"
      case limitExceeded = "limit exceeded"
      case invalidManifest = "invalid manifest"
      case invalidValue = "invalid value"
    }

    private let kind: Kind

    /// The bytes are not one JSON document as RFC 8259 defines it.
    public static let malformedJSON = Code(kind: .malformedJSON)
    /// The document is larger, deeper or has more values than `JSONLimits` allows.
    public static let limitExceeded = Code(kind: .limitExceeded)
    /// The JSON is well-formed, but breaks rules of the schema; see `diagnostics`.
    public static let invalidManifest = Code(kind: .invalidManifest)
    /// A name, an identifier, a quantity or a command-line form does not follow its grammar.
    public static let invalidValue = Code(kind: .invalidValue)

    /// The code in words.
    public var description: String { kind.rawValue }
  }

  /// What kind of failure this is.
  public var code: Code
  /// What was being done: "read".
  public var operation: String
  /// What it was done to: a type's name, a file's name if the caller knows it, an excerpt.
  public var subject: String
  /// What is wrong and what to do about it.
  public var detail: String
  /// The error below this one, if there is one.
  public var cause: (any Error)?
  /// Where in the bytes, when bytes were read.
  public var position: JSONPosition?
  /// Every problem found while reading, the fatal ones included.
  ///
  /// Empty for malformed JSON.
  public var diagnostics: [Diagnostic]

  /// Creates an error.
  public init(
    _ code: Code, operation: String, subject: String, detail: String, cause: (any Error)? = nil,
    position: JSONPosition? = nil, diagnostics: [Diagnostic] = []
  ) {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.detail = detail
    self.cause = cause
    self.position = position
    self.diagnostics = diagnostics
  }

  /// One line that names the thing and says what is wrong with it.
  public var description: String {
    let place = position.map { " at \($0)" } ?? ""
    let reason = cause.map { ": \($0)" } ?? ""
    return "cannot \(operation) \(subject)\(place): \(detail)\(reason)"
  }
}

extension SchemaError {
  /// A text that does not follow the grammar of `type`.
  static func value(_ text: String, of type: String, _ detail: String) -> SchemaError {
    SchemaError(
      .invalidValue, operation: "read", subject: "\(type) \(quoted(text))", detail: detail)
  }
}
