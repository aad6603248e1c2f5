/// A place in an app's filesystem that wants a volume (E8).
public struct MountPoint: Hashable, Sendable {
  /// The name that a volume fulfils.
  public var name: ACName
  /// Where the volume goes, absolute in the app's root.
  ///
  /// May lead anywhere (`/../x`): it is resolved inside the root.
  @Bytewise public var path: String
  /// Whether the app must not write to it.
  public var readOnly: Bool
  var origin = OriginBox.none

  /// Creates a mount point.
  public init(name: ACName, path: String, readOnly: Bool = false) {
    self.name = name
    self.path = path
    self.readOnly = readOnly
  }
}

extension MountPoint: SchemaObject {
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "E8") else { return nil }
    let name = reader.requiredString(object, "name", "E8").flatMap { text in
      reader.at("name") { $0.name(text) }
    }
    path = reader.mountPath(object, "E8")
    readOnly = reader.bool(object, "readOnly", "E8") ?? false
    origin = reader.origin(object, ["name", "path", "readOnly"])
    guard let name else { return nil }
    self.name = name
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("path", .string(path))
    writer.put("readOnly", flag: readOnly)
    return writer.finish()
  }
}

extension SchemaReader {
  /// The `path` of a mount point or a mount.
  ///
  /// The reference implementation takes any, even none.
  mutating func mountPath(_ object: JSONObject, _ rule: String) -> String {
    let path = string(object, "path", rule) ?? ""
    if path.utf8.first != ASCII.slash {
      at("path") { $0.deviation(rule, path.isEmpty ? "is missing" : "\(quoted(path)) is not absolute") }
    }
    return path
  }
}
