extension App: SchemaObject {
  private static let keys: [StaticString] = [
    "exec", "user", "group", "supplementaryGIDs", "eventHandlers", "workingDirectory", "environment",
    "mountPoints", "ports", "isolators", "userAnnotations", "userLabels",
  ]

  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "D7") else { return nil }
    let exec = reader.texts(&fields, "exec", "E1")
    let user = Self.account(&fields, "user", &reader)
    let group = Self.account(&fields, "group", &reader)
    self.init(
      exec: exec, user: user ?? "", group: group ?? "",
      supplementaryGIDs: Self.groups(&fields, &reader),
      eventHandlers: Self.handlers(&fields, &reader),
      workingDirectory: Self.directory(&fields, &reader),
      environment: Environment(&fields, &reader),
      mountPoints: Self.mountPoints(&fields, &reader),
      ports: Self.ports(&fields, &reader),
      isolators: reader.isolators(&fields, ofApp: true),
      userAnnotations: reader.userTexts(&fields, "userAnnotations", "E9b"),
      userLabels: reader.userTexts(&fields, "userLabels", "E9b"))
    origin = reader.origin(fields, Self.keys)
    guard user != nil, group != nil else { return nil }
  }

  private static func account(
    _ fields: inout ObjectFields, _ key: StaticString, _ reader: inout SchemaReader
  ) -> String? {
    guard let node = reader.required(&fields, key, "E2"), let text = reader.string(node, "E2")
    else { return nil }
    if text.isEmpty { reader.error("E2", at: node, "must not be empty") }
    return text
  }

  private static func groups(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> [UInt32] {
    let older: [StaticString] = ["supplementaryGids", "supplementaryGroups"]
    guard let node = reader.optional(&fields, "supplementaryGIDs", formerly: older) else { return [] }
    // 4294967295 is -1 to the kernel, which means "leave it as it is".
    return reader.list(node, "E3") { $1.integer($0, "E3", in: 0...UInt32.max - 1) }
  }

  private static func handlers(
    _ fields: inout ObjectFields, _ reader: inout SchemaReader
  ) -> [EventHandler] {
    guard let node = reader.optional(&fields, "eventHandlers") else { return [] }
    let handlers = reader.list(node, "E4") { EventHandler($0, &$1) }
    reader.unique(handlers, key: \.name.rawValue) {
      $0.error("E4", at: node, "two handlers are called \"\($1)\"")
    }
    return handlers
  }

  private static func directory(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> String? {
    guard let node = reader.optional(&fields, "workingDirectory"), let path = reader.string(node, "E5"),
      !path.isEmpty
    else { return nil }
    if path.utf8.first != ASCII.slash { reader.error("E5", at: node, "\(quoted(path)) is not absolute") }
    return path
  }

  private static func mountPoints(
    _ fields: inout ObjectFields, _ reader: inout SchemaReader
  ) -> [MountPoint] {
    guard let node = reader.optional(&fields, "mountPoints") else { return [] }
    let points = reader.list(node, "E8") { MountPoint($0, &$1) }
    reader.unique(points, key: \.name.text) {
      $0.deviation("E8", at: node, "two mount points are called \"\($1)\"")
    }
    return points
  }

  private static func ports(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> [Port] {
    guard let node = reader.optional(&fields, "ports") else { return [] }
    let ports = reader.list(node, "E9") { Port($0, &$1) }
    reader.unique(ports, key: \.name.text) {
      $0.deviation("E11", at: node, "two ports are called \"\($1)\"")
    }
    return ports
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("exec", .array(exec.map(JSONValue.string)))
    writer.put("user", .string(user))
    writer.put("group", .string(group))
    writer.put("supplementaryGIDs", list: supplementaryGIDs.map(JSONValue.integer))
    writer.put("eventHandlers", list: eventHandlers.map(\.json))
    writer.put("workingDirectory", workingDirectory.map(JSONValue.string), defaults: [""])
    writer.put("environment", list: environment.map(\.json))
    writer.put("mountPoints", list: mountPoints.map(\.json))
    writer.put("ports", list: ports.map(\.json))
    writer.put("isolators", list: isolators.map(\.json))
    writer.put("userAnnotations", texts: userAnnotations)
    writer.put("userLabels", texts: userLabels)
    return writer.finish()
  }
}
