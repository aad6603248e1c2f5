/// A command that runs before an app starts or after it has stopped (E4, E13).
public struct EventHandler: Hashable, Sendable {
  /// When a handler runs.
  public enum Event: String, Hashable, Sendable {
    /// Before the app; the app starts when it has exited.
    case preStart = "pre-start"
    /// After the app was stopped or has exited.
    case postStop = "post-stop"
  }

  /// When it runs.
  public var name: Event
  /// The command and its arguments.
  @Bytewise public var exec: [String]
  var origin = OriginBox.none

  /// Creates a handler.
  public init(name: Event, exec: [String]) {
    self.name = name
    self.exec = exec
  }
}

extension EventHandler: SchemaObject {
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "E4") else { return nil }
    let name = reader.requiredString(object, "name", "E4")
    let exec = reader.texts(object, "exec", "E4")
    if exec.isEmpty { reader.deviation("E4", "the handler has nothing to execute") }
    guard let name else { return nil }
    self.exec = exec
    origin = reader.origin(object, ["name", "exec"])
    if name.hasSameBytes(as: Event.preStart.rawValue) {
      self.name = .preStart
    } else if name.hasSameBytes(as: Event.postStop.rawValue) {
      self.name = .postStop
    } else {
      reader.at("name") { $0.error("E4", "\(quoted(name)) is neither pre-start nor post-stop") }
      return nil
    }
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.rawValue))
    writer.put("exec", list: exec.map(JSONValue.string))
    return writer.finish()
  }
}

extension SchemaReader {
  /// A list of strings.
  mutating func texts(_ object: JSONObject, _ key: String, _ rule: String) -> [String] {
    list(object, key, rule) { $1.string($0, rule) }
  }
}
