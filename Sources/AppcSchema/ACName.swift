/// An AC name: the name of an app in a pod, a volume, a mount point, a port (A4).
///
/// `[a-z0-9]+(-[a-z0-9]+)*`; tolerant reading, like the reference implementation, lets separators stand
/// side by side.
public struct ACName: Hashable, Sendable {
  /// The name.
  ///
  /// ASCII only.
  public let text: String

  /// A text that has been found to follow the grammar.
  init(checkedText: String) {
    text = checkedText
  }

  /// Takes a text that follows the grammar; throws `invalidValue` otherwise.
  public init(_ text: String, mode: ReadingMode = .strict) throws(SchemaError) {
    try IdentifierGrammar.name.check(text, mode: mode)
    self.text = text
  }

  /// Makes a name of any text (A3): lower case, `-` for each character that is not allowed, `-` stripped at
  /// both ends.
  ///
  /// Throws if nothing is left. The result may have separators side by side.
  public static func sanitized(_ text: String) throws(SchemaError) -> ACName {
    try ACName(IdentifierGrammar.name.sanitized(text), mode: .tolerant)
  }
}

extension ACName: Comparable, CustomStringConvertible {
  /// The name.
  public var description: String { text }

  /// Orders by bytes.
  public static func < (left: ACName, right: ACName) -> Bool { precedesInBytes(left.text, right.text) }
}

extension ACName: ExpressibleByStringLiteral {
  /// A name that stands in source code.
  ///
  /// A literal that does not follow the grammar is a programming error and traps; text from outside goes
  /// through `init(_:mode:)`.
  public init(stringLiteral value: StaticString) {
    let text = "\(value)"
    let problem = IdentifierGrammar.name.problem(of: text, mode: .strict)
    precondition(problem == nil, "not an AC name: \(value)")
    self.text = text
  }
}
