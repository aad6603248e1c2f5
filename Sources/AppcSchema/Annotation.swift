/// An annotation: what people and tools want to know about an image, a pod or an app (D10).
public struct Annotation: Hashable, Sendable {
  /// The annotation's name.
  public var name: ACIdentifier
  /// The annotation's value.
  ///
  /// Compared by bytes.
  @Bytewise public var value: String
  var origin = OriginBox.none

  /// Creates an annotation.
  public init(name: ACIdentifier, value: String) {
    self.name = name
    self.value = value
  }
}

extension Annotation: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard let pair = reader.namedText(node, "D10"),
      let name = reader.annotationName(pair.name)
    else { return nil }
    self.init(name: name, value: pair.text)
    origin = pair.origin
    check(&reader, at: node)
  }

  /// Reports what is wrong with the value of an annotation that the specification knows.
  func check(_ reader: inout SchemaReader, at node: JSONNode) {
    if let problem = wellKnownProblem {
      reader.report(problem.severity, problem.rule, at: node, problem.message)
    }
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue { namedTextJSON(name.text, value, origin) }

  /// What is wrong with the value of an annotation that the specification knows (D13).
  private var wellKnownProblem: (severity: Diagnostic.Severity, rule: String, message: String)? {
    switch name.text {
    case "created":
      (try? Timestamp(value)) == nil ? (.error, "A10", "\(quoted(value)) is no RFC 3339 date") : nil
    case "homepage", "documentation":
      isWebAddress(value) ? nil : (.error, "A11", "\(quoted(value)) is no http or https URL")
    case "appc.io/executor/supports-systemd-notify":
      value == "true" || value == "false"
        ? nil : (.warning, "D13", "\(quoted(value)) is neither \"true\" nor \"false\"")
    default: nil
    }
  }
}

/// A11: an absolute URL of scheme http or https.
///
/// What follows the scheme is not taken apart, as the reference implementation does not, but white space and
/// control characters are refused.
func isWebAddress(_ text: String) -> Bool {
  guard let colon = text.utf8.firstIndex(of: ASCII.colon) else { return false }
  let scheme = text.utf8[..<colon].map(ASCII.lowercased)
  return (scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8))
    && text.utf8.allSatisfy { $0 > ASCII.space && $0 != 0x7F }
}

extension SchemaReader {
  /// The name of an annotation.
  ///
  /// Up to 0.6 its grammar was another or none ("ipAddress"): such names are sanitised.
  mutating func annotationName(_ node: JSONNode) -> ACIdentifier? {
    if isEarlier(than: SemanticVersion(0, 6, 1)), tokens[node.index].kind == .plainString {
      let text = document.text(at: node.index)
      return annotationName(text, at: node)
    }
    return identifier(node, "D10")
  }

  mutating func annotationName(_ text: String, at node: JSONNode) -> ACIdentifier? {
    if IdentifierGrammar.identifier.problem(of: text, mode: .tolerant) == nil {
      return ACIdentifier(checkedText: text)
    }
    guard let name = try? ACIdentifier.sanitized(text) else {
      error("A1", at: node, "AC identifier \(quoted(text)): nothing of it can be kept")
      return nil
    }
    upgrade(at: node, "the name \(quoted(text)) is read as \"\(name)\"")
    return name
  }
}
