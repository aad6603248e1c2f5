/// A document that has been read: its bytes, and where each value stands in them.
///
/// Shared by the values that were read from it, which find there what they do not know themselves.
final class JSONDocument: Sendable {
  let bytes: [UInt8]
  /// At least one, the root.
  let tokens: [JSONToken]

  /// Whether the bytes are somebody's text, worth keeping as it is.
  let isText: Bool

  /// Reads a document; throws as `JSONValue.parse` does.
  init(_ bytes: [UInt8], limits: JSONLimits) throws(SchemaError) {
    tokens = try JSONParser.tokens(of: bytes.span, limits: limits)
    self.bytes = bytes
    isText = true
  }

  /// The document of a value.
  init(_ value: JSONValue) throws(SchemaError) {
    let bytes = value.serialized(.compact)
    tokens = try JSONParser.tokens(of: bytes.span, limits: .unlimitedBytes)
    self.bytes = bytes
    isText = false
  }

  /// The value of the token at `index`.
  func value(at index: Int) -> JSONValue {
    let bytes = bytes
    return JSONValue(tokens: tokens, at: index, in: bytes.span)
  }

  /// The object of the token at `index`.
  func object(at index: Int) -> JSONObject {
    let bytes = bytes
    return JSONObject(tokens: tokens, at: index, in: bytes.span)
  }

  /// The text of the string at `index`.
  func text(at index: Int) -> String {
    let bytes = bytes
    return tokens[index].text(in: bytes.span)
  }

  /// The way from the root to the value at `index`.
  func path(to index: Int) -> JSONPath {
    var components: [JSONPath.Component] = []
    var container = 0
    while container != index, let step = step(from: container, towards: index) {
      components.append(step.component)
      container = step.child
    }
    return JSONPath(components: components)
  }

  private func step(
    from container: Int, towards index: Int
  ) -> (component: JSONPath.Component, child: Int)? {
    let isObject = tokens[container].kind == .object
    var child = container + 1
    var position = 0
    while child < Int(tokens[container].next) {
      let value = isObject ? child + 1 : child
      let next = Int(tokens[value].next)
      if index < next {
        return (isObject ? .key(JSONPath.ByteText(text(at: child))) : .index(position), value)
      }
      child = next
      position += 1
    }
    return nil
  }
}
