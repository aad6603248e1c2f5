/// A port, or a range of them, that an app listens on (E9, E11).
public struct Port: Hashable, Sendable {
  /// The port's name.
  public var name: ACName
  /// The protocol, usually "tcp" or "udp"; any text.
  @Bytewise public var `protocol`: String
  /// The first port, 1 to 65535.
  public var port: UInt16
  /// How many ports follow each other, at least 1; the last is at most 65535.
  public var count: UInt16
  /// Whether the executor listens, and passes the socket as systemd does (E12).
  public var socketActivated: Bool
  var origin = OriginBox.none

  /// Creates a port.
  public init(
    name: ACName, protocol: String = "tcp", port: UInt16, count: UInt16 = 1, socketActivated: Bool = false
  ) {
    self.name = name
    self.protocol = `protocol`
    self.port = port
    self.count = count
    self.socketActivated = socketActivated
  }
}

extension Port: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "E11") else { return nil }
    let name = reader.requiredName(&fields, "name", "E11")
    let transport = reader.string(&fields, "protocol", "E11")
    if transport == nil { reader.deviation("E11", at: node, "\"protocol\" is missing") }
    let port = reader.required(&fields, "port", "E11").flatMap {
      reader.integer($0, "E11", in: 1...UInt16.max)
    }
    let count = Self.count(&fields, &reader)
    let socketActivated = reader.bool(&fields, "socketActivated", "E11") ?? false
    let origin = reader.origin(fields, ["name", "protocol", "port", "count", "socketActivated"])
    guard let name, let port, let count else { return nil }
    guard Int(port) + Int(count) - 1 <= 65535 else {
      reader.error("E11", at: node, "\(count) ports from \(port) on end beyond 65535")
      return nil
    }
    self.name = name
    self.protocol = transport ?? ""
    self.port = port
    self.count = count
    self.socketActivated = socketActivated
    self.origin = origin
  }

  /// The reference implementation reads 0 as 1.
  private static func count(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> UInt16? {
    guard let node = reader.optional(&fields, "count") else { return 1 }
    guard let count = reader.integer(node, "E11", in: 0...UInt16.max) else { return nil }
    if count == 0 { reader.deviation("E11", at: node, "is 0; it is read as 1") }
    return max(count, 1)
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("protocol", .string(`protocol`), defaults: [""])
    writer.put("port", .integer(port))
    writer.put("count", .integer(count), defaults: [0, 1])
    writer.put("socketActivated", .bool(socketActivated), defaults: [false])
    return writer.finish()
  }
}
