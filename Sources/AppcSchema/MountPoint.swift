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
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "E8") else { return nil }
    let name = reader.requiredName(&fields, "name", "E8")
    let path = reader.mountPath(&fields, "E8")
    let readOnly = reader.bool(&fields, "readOnly", "E8") ?? false
    let origin = reader.origin(fields, ["name", "path", "readOnly"])
    guard let name else { return nil }
    self.name = name
    self.path = path
    self.readOnly = readOnly
    self.origin = origin
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("path", .string(path), defaults: [""])
    writer.put("readOnly", flag: readOnly)
    return writer.finish()
  }
}

extension SchemaReader {
  /// The `path` of a mount point or a mount.
  ///
  /// The reference implementation takes any, even none.
  mutating func mountPath(_ fields: inout ObjectFields, _ rule: String) -> String {
    guard let node = optional(&fields, "path") else {
      deviation(rule, at: fields.object, missing: "path", "is missing")
      return ""
    }
    guard let path = string(node, rule) else { return "" }
    if path.utf8.first != ASCII.slash { deviation(rule, at: node, "\(quoted(path)) is not absolute") }
    return path
  }
}
