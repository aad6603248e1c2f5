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
    self.name = name
    self.value = pair.text
    origin = pair.origin
    check(&reader, at: node)
  }

  /// Checks the value of an annotation that the specification knows (D13).
  func check(_ reader: inout SchemaReader, at node: JSONNode) {
    switch name.text {
    case "created":
      if (try? Timestamp(value)) == nil {
        reader.error("A10", at: node, "\(quoted(value)) is no RFC 3339 date")
      }
    case "homepage", "documentation":
      switch WebAddress.verdict(on: value) {
      case .valid: break
      case .spaced:
        reader.deviation("A11", at: node, "there is a space in \(quoted(value)); write it as %20")
      case .invalid: reader.error("A11", at: node, "\(quoted(value)) is no http or https URL")
      }
    case "appc.io/executor/supports-systemd-notify":
      if value != "true", value != "false" {
        reader.deviation("D13", at: node, "\(quoted(value)) is neither \"true\" nor \"false\"")
      }
    default: break
    }
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue { namedTextJSON(name.text, value, origin) }
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
