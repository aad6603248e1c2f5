/// What an image is called, contains and runs (D): the file `manifest` of an image.
public struct ImageManifest: Hashable, Sendable {
  /// The version of the specification it was written to.
  public var acVersion: SemanticVersion
  /// The image's name.
  public var name: ACIdentifier
  /// What tells images of one name apart.
  public var labels: Labels
  /// What the image runs; nil if it is only there to be depended on.
  public var app: App?
  /// The images below this one, the lowest first.
  public var dependencies: [Dependency]
  /// The absolute paths that are to be in the rendered image; empty means all.
  @Bytewise public var pathWhitelist: [String]
  /// What people and tools want to know.
  public var annotations: Annotations
  var origin = OriginBox.none
  var source = DocumentSource.none

  /// Creates a manifest.
  public init(
    name: ACIdentifier, labels: Labels = Labels(), app: App? = nil, dependencies: [Dependency] = [],
    pathWhitelist: [String] = [], annotations: Annotations = Annotations(),
    acVersion: SemanticVersion = .current
  ) {
    self.name = name
    self.labels = labels
    self.app = app
    self.dependencies = dependencies
    self.pathWhitelist = pathWhitelist
    self.annotations = annotations
    self.acVersion = acVersion
  }

  /// The members of the document that the schema does not know, in order.
  public var unknownMembers: [JSONObject.Member] { origin.unknownMembers }
}

extension ImageManifest: Manifest, SchemaObject {
  static let kind = ACKind.imageManifest
  private static let keys: [StaticString] = [
    "acKind", "acVersion", "name", "labels", "app", "dependencies", "pathWhitelist", "annotations",
  ]

  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "D0") else { return nil }
    let version = reader.header(&fields, Self.kind, kindRule: "D1", versionRule: "D2")
    let name = reader.requiredIdentifier(&fields, "name", "D3")
    let labels = Labels(&fields, &reader)
    let app = reader.optional(&fields, "app").flatMap { App($0, &reader) }
    let dependencies = reader.list(&fields, "dependencies", "D8") { Dependency($0, &$1) }
    let pathWhitelist = reader.whitelist(&fields)
    let annotations = Annotations(&fields, &reader)
    let origin = reader.origin(fields, Self.keys)
    guard let version, let name else { return nil }
    self.acVersion = version
    self.name = name
    self.labels = labels
    self.app = app
    self.dependencies = dependencies
    self.pathWhitelist = pathWhitelist
    self.annotations = annotations
    self.origin = origin
    source = reader.source
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("acKind", .string(Self.kind.rawValue))
    writer.put("acVersion", .string(source.writtenVersion(acVersion, app?.isolators ?? []).description))
    writer.put("name", .string(name.text))
    writer.put("labels", list: labels.map(\.json))
    writer.put("app", app?.json)
    writer.put("dependencies", list: dependencies.map(\.json))
    writer.put("pathWhitelist", list: pathWhitelist.map(JSONValue.string))
    writer.put("annotations", list: annotations.map(\.json))
    return writer.finish()
  }
}

extension SchemaReader {
  /// Reads the list of paths (D9).
  ///
  /// A path that leads upwards would select what is not below `rootfs`, so it is refused in both modes.
  fileprivate mutating func whitelist(_ fields: inout ObjectFields) -> [String] {
    list(&fields, "pathWhitelist", "D9") { node, reader -> String? in
      guard let path = reader.string(node, "D9") else { return nil }
      if path.utf8.first != ASCII.slash {
        reader.deviation("D9", at: node, "\(quoted(path)) is not absolute")
      }
      if withBytes(of: path, Self.leadsUpwards) {
        reader.error("D9", at: node, "\(quoted(path)) leads upwards")
      }
      return path
    }
  }

  /// Whether a component of the path is "..".
  private static func leadsUpwards(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = path.startIndex
    for index in path.indices where path[index] == ASCII.slash {
      if isUpward(path[start..<index]) { return true }
      start = index + 1
    }
    return isUpward(path[start...])
  }

  private static func isUpward(_ component: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    component.count == 2 && component.allSatisfy { $0 == ASCII.dot }
  }
}
