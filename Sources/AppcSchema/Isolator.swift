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
  ///
  /// Read from `value` each time it is asked for.
  public var content: Content? {
    guard let document = try? JSONDocument(value) else { return nil }
    var reader = SchemaReader(document, mode: .tolerant)
    let content = Content(name: name, .root, &reader)
    return reader.hasErrors ? nil : content
  }
}

extension Isolator: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "A12") else { return nil }
    let name = reader.required(&fields, "name", "A12").flatMap { Self.name($0, &reader) }
    let written = Self.written(&fields, &reader)
    let origin = reader.origin(fields, ["name", "value"])
    guard let name else { return nil }
    let value = written.map { reader.value($0) } ?? .null
    let current = written.flatMap { Self.upgraded(name: name, value: value, at: $0, &reader) }
    self.name = current?.name ?? name
    self.value = current?.value ?? value
    self.origin = origin
    if current != nil { return }
    if let written {
      _ = Content(name: name, written, &reader)
    } else if Content.isKnown(name) {
      reader.report(.error, "A12", at: node, missing: "value", "is missing; \(name) needs it")
    } else {
      // The reference implementation reads null.
      reader.deviation("A12", at: node, missing: "value", "is missing; it is read as null")
    }
  }

  private static func written(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> JSONNode? {
    if let node = fields.take("value", reader) { return node }
    guard let node = fields.take("val", reader) else { return nil }
    reader.upgrade(at: node, "\"val\" is read as \"value\"")
    return node
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("value", any: value)
    return writer.finish()
  }
}

extension SchemaReader {
  /// A list of isolators.
  ///
  /// Within an app, sets are checked as the reference implementation does (J3); for a pod it does not. What may
  /// be there twice is worth a warning: which of the two counts is up to who applies them.
  mutating func isolators(_ fields: inout ObjectFields, ofApp: Bool) -> [Isolator] {
    guard let node = optional(&fields, "isolators") else { return [] }
    let isolators = list(node, "E7") { Isolator($0, &$1) }
    unique(isolators, key: \.name.text) { reader, name in
      let message = "two isolators are called \"\(name)\""
      if Isolator.Content.mayRepeat(name) {
        reader.warn("J3", at: node, message)
      } else if ofApp {
        reader.error("J3", at: node, message)
      } else {
        reader.deviation("J3", at: node, message)
      }
    }
    checkConflicts(isolators, at: node, ofApp: ofApp)
    return isolators
  }

  private mutating func checkConflicts(_ isolators: [Isolator], at node: JSONNode, ofApp: Bool) {
    func has(_ name: ACIdentifier) -> Bool { isolators.contains { $0.name == name } }
    if has(Isolator.Content.seccompRemoveName), has(Isolator.Content.seccompRetainName) {
      let message = "seccomp-remove-set and seccomp-retain-set exclude each other"
      if ofApp { error("J4", at: node, message) } else { deviation("J4", at: node, message) }
    }
    if has(Isolator.Content.capabilitiesRemoveName), has(Isolator.Content.capabilitiesRetainName) {
      deviation(
        "J9", at: node, "capabilities-retain-set and capabilities-remove-set exclude each other")
    }
  }
}
