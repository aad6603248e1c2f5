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
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let pair = reader.namedText(value, "D4"), let name = reader.identifier(pair.name)
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
    _ value: JSONValue, _ rule: String
  ) -> (name: String, text: String, origin: OriginBox)? {
    guard let object = object(value, rule) else { return nil }
    var keys = ["name", "value"]
    let name = requiredString(object, "name", rule)
    var text: String?
    if let current = object["value"], !current.isNull {
      text = string(object, "value", rule)
    } else if let old = object["val"], case .string = old {
      upgrade("\"val\" is read as \"value\"")
      keys.append("val")
      text = string(object, "val", rule)
    } else {
      deviation(rule, "\"value\" is missing; it is read as \"\"")
      text = ""
    }
    guard let name, let text else { return nil }
    return (name, text, origin(object, keys))
  }
}

func namedTextJSON(_ name: String, _ value: String, _ origin: OriginBox) -> JSONValue {
  var writer = ObjectWriter(origin)
  writer.put("name", .string(name))
  writer.put("value", .string(value))
  return writer.finish()
}
