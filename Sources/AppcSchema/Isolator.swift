/// A limit or a right of an app or a pod (J): a name and a value whose form depends on the name.
///
/// `content` is the value taken apart for the names that the specification knows. Others are kept as they
/// are.
public struct Isolator: Hashable, Sendable {
  /// The isolator's name.
  public var name: ACIdentifier
  /// The isolator's value.
  public var value: JSONValue
  var origin = OriginBox.none

  /// Creates an isolator of any name.
  public init(name: ACIdentifier, value: JSONValue) {
    self.name = name
    self.value = value
  }

  /// Creates an isolator of a name that the specification knows.
  public init(_ content: Content) {
    name = content.name
    value = content.json
  }

  /// The value, taken apart; nil if its name is known and the value does not follow the name's rules.
  public var content: Content? {
    var reader = SchemaReader(mode: .tolerant)
    let content = Content(name: name, value: value, &reader)
    return reader.hasErrors ? nil : content
  }
}

extension Isolator: SchemaObject {
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "A12") else { return nil }
    guard
      let name = reader.requiredString(object, "name", "A12").flatMap({ text in
        reader.at("name") { $0.identifier(text) }
      })
    else { return nil }
    var keys = ["name", "value"]
    if object["value"] == nil, object["val"] != nil {
      reader.upgrade("\"val\" is read as \"value\"")
      keys.append("val")
    }
    let written = object["value"] ?? object["val"] ?? .null
    let current = Self.upgraded(name: name, value: written, &reader) ?? (name, written)
    self.name = current.name
    self.value = current.value
    origin = reader.origin(object, keys)
    let hasValue = object["value"] != nil || object["val"] != nil
    reader.at("value") { reader in
      // The reference implementation panics here for a known name, and reads null for an unknown one.
      if !hasValue, !Content.isKnown(name) {
        reader.deviation("A12", "is missing; it is read as null")
      }
      _ = Content(name: current.name, value: current.value, &reader)
    }
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("value", value)
    return writer.finish()
  }
}

extension SchemaReader {
  /// A list of isolators.
  ///
  /// Within an app, sets are checked as the reference implementation does (J3); for a pod it does not.
  mutating func isolators(_ object: JSONObject, ofApp: Bool) -> [Isolator] {
    let isolators = list(object, "isolators", "E7") { Isolator($0, &$1) }
    at("isolators") { reader in
      reader.unique(isolators, key: \.name.text) { reader, name in
        let severe = ofApp && !Isolator.Content.mayRepeat(name)
        let message = "two isolators are called \"\(name)\""
        if severe { reader.error("J3", message) } else { reader.deviation("J3", message) }
      }
      reader.checkConflicts(Set(isolators.map(\.name)), ofApp: ofApp)
    }
    return isolators
  }

  private mutating func checkConflicts(_ names: Set<ACIdentifier>, ofApp: Bool) {
    if names.isSuperset(of: [Isolator.Content.seccompRemoveName, Isolator.Content.seccompRetainName]) {
      let message = "seccomp-remove-set and seccomp-retain-set exclude each other"
      if ofApp { error("J4", message) } else { deviation("J4", message) }
    }
    if names.isSuperset(of: [
      Isolator.Content.capabilitiesRemoveName, Isolator.Content.capabilitiesRetainName,
    ]) {
      deviation("J9", "capabilities-retain-set and capabilities-remove-set exclude each other")
    }
  }
}
