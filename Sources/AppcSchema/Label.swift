/// A label of an image: what tells images of one name apart (D4).
public struct Label: Hashable, Sendable {
  /// The label's name, never "name".
  public var name: ACIdentifier
  /// The label's value, any text.
  ///
  /// Compared by bytes.
  @Bytewise public var value: String
  var origin = OriginBox.none

  /// Creates a label.
  public init(name: ACIdentifier, value: String) {
    self.name = name
    self.value = value
  }
}

extension Label: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard let pair = reader.namedText(node, "D4"), let name = reader.identifier(pair.name, "D4")
    else { return nil }
    self.name = name
    self.value = pair.text
    origin = pair.origin
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue { namedTextJSON(name.text, value, origin) }
}

extension SchemaReader {
  /// The `{name, value}` objects of labels, annotations and environments.
  ///
  /// 0.1.1 called the value `val`; the reference implementation takes a missing one for "".
  mutating func namedText(
    _ node: JSONNode, _ rule: String
  ) -> (name: JSONNode, text: String, origin: OriginBox)? {
    guard var fields = fields(node, rule) else { return nil }
    let name = required(&fields, "name", rule)
    let text = namedValue(&fields, rule)
    let origin = origin(fields, ["name", "value"])
    guard let name, let text else { return nil }
    return (name, text, origin)
  }

  private mutating func namedValue(_ fields: inout ObjectFields, _ rule: String) -> String? {
    let current = fields.take("value", self)
    if let current, !isNull(current) { return string(current, rule) }
    if let old = fields.take("val", self), !isNull(old) {
      upgrade(at: old, "\"val\" is read as \"value\"")
      return string(old, rule)
    }
    deviation(rule, at: current ?? fields.object, "\"value\" is missing; it is read as \"\"")
    return ""
  }
}

func namedTextJSON(_ name: String, _ value: String, _ origin: OriginBox) -> JSONValue {
  var writer = ObjectWriter(origin)
  writer.put("name", .string(name))
  writer.put("value", .string(value), defaults: [""])
  return writer.finish()
}
