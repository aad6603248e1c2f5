extension App: SchemaObject {
  private static let keys = [
    "exec", "user", "group", "supplementaryGIDs", "eventHandlers", "workingDirectory", "environment",
    "mountPoints", "ports", "isolators", "userAnnotations", "userLabels",
  ]

  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "D7") else { return nil }
    let user = Self.account(object, "user", &reader)
    let group = Self.account(object, "group", &reader)
    let groupsKey = reader.currentKey(
      object, "supplementaryGIDs", formerly: ["supplementaryGids", "supplementaryGroups"])
    self.init(
      exec: reader.texts(object, "exec", "E1"),
      user: user ?? "",
      group: group ?? "",
      // 4294967295 is -1 to the kernel, which means "leave it as it is".
      supplementaryGIDs: reader.list(object, groupsKey, "E3") {
        $1.integer($0, "E3", in: 0...UInt32.max - 1)
      },
      eventHandlers: Self.handlers(object, &reader),
      workingDirectory: Self.directory(object, &reader),
      environment: Environment(object, &reader),
      mountPoints: reader.list(object, "mountPoints", "E8") { MountPoint($0, &$1) },
      ports: reader.list(object, "ports", "E9") { Port($0, &$1) },
      isolators: reader.isolators(object, ofApp: true),
      userAnnotations: reader.userTexts(object, "userAnnotations", "E9b"),
      userLabels: reader.userTexts(object, "userLabels", "E9b"))
    origin = reader.origin(object, Self.keys + [groupsKey])
    checkNames(&reader)
    guard user != nil, group != nil else { return nil }
  }

  private static func account(_ object: JSONObject, _ key: String, _ reader: inout SchemaReader) -> String? {
    guard let text = reader.requiredString(object, key, "E2") else { return nil }
    if text.isEmpty { reader.at(key) { $0.error("E2", "must not be empty") } }
    return text
  }

  private static func handlers(_ object: JSONObject, _ reader: inout SchemaReader) -> [EventHandler] {
    let handlers = reader.list(object, "eventHandlers", "E4") { EventHandler($0, &$1) }
    reader.at("eventHandlers") { reader in
      reader.unique(handlers, key: \.name.rawValue) { $0.error("E4", "two handlers are called \"\($1)\"") }
    }
    return handlers
  }

  private static func directory(_ object: JSONObject, _ reader: inout SchemaReader) -> String? {
    guard let path = reader.string(object, "workingDirectory", "E5"), !path.isEmpty else { return nil }
    if path.utf8.first != ASCII.slash {
      reader.at("workingDirectory") { $0.error("E5", "\(quoted(path)) is not absolute") }
    }
    return path
  }

  private func checkNames(_ reader: inout SchemaReader) {
    reader.at("mountPoints") { reader in
      reader.unique(mountPoints, key: \.name.text) {
        $0.deviation("E8", "two mount points are called \"\($1)\"")
      }
    }
    reader.at("ports") { reader in
      reader.unique(ports, key: \.name.text) { $0.deviation("E11", "two ports are called \"\($1)\"") }
    }
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
