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
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let pair = reader.namedText(value, "D10"), let name = reader.identifier(pair.name)
    else { return nil }
    self.name = name
    self.value = pair.text
    origin = pair.origin
    if let problem = wellKnownProblem { reader.report(problem.severity, problem.rule, problem.message) }
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
