/// One thing found while reading a manifest.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, Comparable {
    /// Worth knowing, nothing to do.
    case note
    /// Accepted, but not what the specification says.
    case warning
    /// Refused.
    case error

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }

    /// Orders by weight: note, warning, error.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
  }

  /// How bad it is.
  public var severity: Severity
  /// Where in the document.
  public var path: JSONPath
  /// The number of the rule, for example "E2"; the rules are numbered as the sections of the specification
  /// are read: A scalar types, B archive, D image manifest, E app, F dependency, J isolators, K volumes, L
  /// pod, V earlier versions.
  public var rule: String
  /// What is wrong or noteworthy, in one line.
  public var message: String
  /// Where in the bytes; of something that is missing, where the object that lacks it starts.
  ///
  /// Nil if no bytes were read.
  public var position: JSONPosition?
  /// The line of the document around the position, cut to some 80 bytes, and a second line with a caret under
  /// the position.
  ///
  /// Both lines are safe to print: what could move a cursor is escaped.
  public var excerpt: String?

  /// Creates a diagnostic.
  public init(
    _ severity: Severity, path: JSONPath, rule: String, message: String, position: JSONPosition? = nil,
    excerpt: String? = nil
  ) {
    self.severity = severity
    self.path = path
    self.rule = rule
    self.message = message
    self.position = position
    self.excerpt = excerpt
  }

  /// "warning: $.app.user (E2): ...".
  public var description: String { "\(severity.rawValue): \(path) (\(rule)): \(message)" }
}

/// A value that was read, and what was noticed on the way.
public struct Reading<Value: Sendable>: Sendable {
  /// The value.
  public let value: Value
  /// Notes and warnings, in the order in which the schema's members are read, which need not be the document's;
  /// of very many the first 200.
  ///
  /// Errors are thrown, so there are none here.
  public let diagnostics: [Diagnostic]

  /// Pairs a value with its diagnostics.
  public init(value: Value, diagnostics: [Diagnostic]) {
    self.value = value
    self.diagnostics = diagnostics
  }
}
