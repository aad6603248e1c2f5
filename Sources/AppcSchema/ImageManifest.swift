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
  private static let keys = [
    "acKind", "acVersion", "name", "labels", "app", "dependencies", "pathWhitelist", "annotations",
  ]

  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "D0") else { return nil }
    let header = reader.header(object, Self.kind, kindRule: "D1", versionRule: "D2")
    let name = reader.requiredString(object, "name", "D3").flatMap { text in
      reader.at("name") { $0.identifier(text) }
    }
    labels = Labels(object, &reader)
    app = reader.optional(object, "app").flatMap { value in reader.at("app") { App(value, &$0) } }
    dependencies = reader.list(object, "dependencies", "D8") { Dependency($0, &$1) }
    pathWhitelist = reader.whitelist(object)
    annotations = Annotations(object, &reader)
    origin = reader.origin(object, Self.keys)
    guard let version = header, let name else { return nil }
    acVersion = version
    self.name = name
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("acKind", .string(Self.kind.rawValue))
    writer.put("acVersion", .string(source.writtenVersion(acVersion).description))
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
  fileprivate mutating func whitelist(_ object: JSONObject) -> [String] {
    list(object, "pathWhitelist", "D9") { value, reader -> String? in
      guard let path = reader.string(value, "D9") else { return nil }
      if path.utf8.first != ASCII.slash { reader.deviation("D9", "\(quoted(path)) is not absolute") }
      if Self.leadsUpwards(path) { reader.error("D9", "\(quoted(path)) leads upwards") }
      return path
    }
  }

  /// Whether a component of the path is "..".
  private static func leadsUpwards(_ path: String) -> Bool {
    var dots: Int? = 0
    for byte in path.utf8 {
      switch byte {
      case ASCII.slash:
        if dots == 2 { return true }
        dots = 0
      case ASCII.dot: dots = dots.map { $0 + 1 }
      default: dots = nil
      }
    }
    return dots == 2
  }
}
