/// A name and a text, as labels, annotations, variables and users' texts are written on a command line:
/// `name=value`.
///
/// The first equals sign ends the name; the value is taken as it stands.
struct NameValueText {
  let name: String
  let value: String

  init(_ text: String, type: String) throws(SchemaError) {
    guard let equals = text.utf8.firstIndex(of: ASCII.equals) else {
      throw SchemaError.value(text, of: type, "it must have the form name=value")
    }
    if text.utf8.contains(0) { throw SchemaError.value(text, of: type, "it holds a NUL character") }
    name = String(decoding: text.utf8[..<equals], as: UTF8.self)
    value = String(decoding: text.utf8[text.utf8.index(after: equals)...], as: UTF8.self)
  }
}

extension Label: ShortForm, CustomStringConvertible {
  /// Reads the command-line form `name=value`, or the JSON object `{"name":...,"value":...}`.
  ///
  /// Throws `invalidValue`, also for the name "name" (D4).
  public init(parsing text: String) throws(SchemaError) {
    self = try Self.read(text)
    if name == "name" {
      throw SchemaError.value(text, of: "label", "no label may be called \"name\"")
    }
  }

  init(shortForm text: String) throws(SchemaError) {
    let parts = try NameValueText(text, type: "label")
    self.init(name: try ACIdentifier(parts.name, mode: .tolerant), value: parts.value)
  }

  var shortForm: String { "\(name)=\(value)" }

  /// The command-line form, or JSON where a character of the value cannot be shown.
  public var description: String { shortestForm }
}

extension Annotation: ShortForm, CustomStringConvertible {
  /// Reads the command-line form `name=value`, or the JSON object `{"name":...,"value":...}`.
  ///
  /// The value of an annotation that the specification knows must follow its rule (D13). Throws
  /// `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    let parts = try NameValueText(text, type: "annotation")
    let name = try ACIdentifier(parts.name, mode: .tolerant)
    do {
      // Read rather than made: so the recognised ones are checked.
      self = try Annotation(json: Annotation(name: name, value: parts.value).json, mode: .tolerant)
    } catch {
      throw SchemaError.value(text, of: "annotation", error.firstProblem)
    }
  }

  var shortForm: String { "\(name)=\(value)" }

  /// The command-line form, or JSON where a character of the value cannot be shown.
  public var description: String { shortestForm }
}

extension Environment.Variable: ShortForm, CustomStringConvertible {
  /// Reads the command-line form `NAME=value` (E6), or the JSON object `{"name":...,"value":...}`.
  ///
  /// Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    let parts = try NameValueText(text, type: "environment variable")
    try self.init(name: parts.name, value: parts.value)
  }

  var shortForm: String { "\(name)=\(value)" }

  /// The command-line form, or JSON where a character of the value cannot be shown.
  public var description: String { shortestForm }
}

extension UserText: ShortForm, CustomStringConvertible {
  /// Reads the command-line form `key=value` (E9b), or a JSON object with one member: `{"key":"value"}`.
  ///
  /// A key that holds an equals sign, or starts with a brace, can only be said in JSON. Throws
  /// `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    let parts = try NameValueText(text, type: "user's text")
    self.init(key: parts.name, value: parts.value)
  }

  init(jsonForm value: JSONValue) throws(SchemaError) {
    guard let object = value.object, object.count == 1, let member = object.first,
      let text = member.value.string, !text.utf8.contains(0), !member.key.utf8.contains(0)
    else {
      throw SchemaError.value(
        value.description, of: "user's text", "it must be one key with one text, both without NUL")
    }
    self.init(key: member.key, value: text)
  }

  var shortForm: String { "\(key)=\(value)" }

  var jsonForm: JSONValue { .object(JSONObject([JSONObject.Member(key: key, value: .string(value))])) }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
