/// An AC identifier: the name of an image, a label, an annotation, an isolator (A1).
///
/// `[a-z0-9]+([-._~/][a-z0-9]+)*`; tolerant reading, like the reference implementation, lets separators stand
/// side by side.
public struct ACIdentifier: Hashable, Sendable {
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
    try IdentifierGrammar.identifier.check(text, mode: mode)
    self.text = text
  }

  /// Makes a name of any text (A3): lower case, `_` for each character that is not allowed, `-._~/` stripped
  /// at both ends.
  ///
  /// Throws if nothing is left. The result may have separators side by side.
  public static func sanitized(_ text: String) throws(SchemaError) -> ACIdentifier {
    try ACIdentifier(IdentifierGrammar.identifier.sanitized(text), mode: .tolerant)
  }
}

extension ACIdentifier: Comparable, CustomStringConvertible {
  /// The name.
  public var description: String { text }

  /// Orders by bytes.
  public static func < (left: ACIdentifier, right: ACIdentifier) -> Bool {
    precedesInBytes(left.text, right.text)
  }
}

extension ACIdentifier: ExpressibleByStringLiteral {
  /// A name that stands in source code.
  ///
  /// A literal that does not follow the grammar is a programming error and traps; text from outside goes
  /// through `init(_:mode:)`.
  public init(stringLiteral value: StaticString) {
    let text = "\(value)"
    let problem = IdentifierGrammar.identifier.problem(of: text, mode: .strict)
    precondition(problem == nil, "not an AC identifier: \(value)")
    self.text = text
  }
}
