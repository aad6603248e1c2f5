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
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "E4") else { return nil }
    let event = reader.required(&fields, "name", "E4").flatMap { Self.event($0, &reader) }
    let exec = reader.texts(&fields, "exec", "E4")
    if exec.isEmpty { reader.deviation("E4", at: node, "the handler has nothing to execute") }
    let origin = reader.origin(fields, ["name", "exec"])
    guard let event else { return nil }
    self.name = event
    self.exec = exec
    self.origin = origin
  }

  private static func event(_ node: JSONNode, _ reader: inout SchemaReader) -> Event? {
    guard let name = reader.string(node, "E4") else { return nil }
    if name.hasSameBytes(as: Event.preStart.rawValue) { return .preStart }
    if name.hasSameBytes(as: Event.postStop.rawValue) { return .postStop }
    reader.error("E4", at: node, "\(quoted(name)) is neither pre-start nor post-stop")
    return nil
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.rawValue))
    writer.put("exec", list: exec.map(JSONValue.string))
    return writer.finish()
  }
}
