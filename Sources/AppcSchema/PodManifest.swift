/// A group of apps that run together (L).
public struct PodManifest: Hashable, Sendable {
  /// The version of the specification it was written to.
  public var acVersion: SemanticVersion
  /// The apps, their names unique.
  public var apps: [RuntimeApp]
  /// The volumes that apps share, their names unique.
  public var volumes: [Volume]
  /// Limits and rights of the pod as a whole.
  public var isolators: [Isolator]
  /// Annotations of the pod.
  public var annotations: Annotations
  /// Ports of the host that lead into the pod.
  public var ports: [ExposedPort]
  /// Texts for people and tools (L14).
  public var userAnnotations: [UserText]
  /// Texts to find pods by (L14).
  public var userLabels: [UserText]
  var origin = OriginBox.none
  var source = DocumentSource.none

  /// Creates a manifest.
  public init(
    apps: [RuntimeApp] = [], volumes: [Volume] = [], isolators: [Isolator] = [],
    annotations: Annotations = Annotations(), ports: [ExposedPort] = [], userAnnotations: [UserText] = [],
    userLabels: [UserText] = [], acVersion: SemanticVersion = .current
  ) {
    self.apps = apps
    self.volumes = volumes
    self.isolators = isolators
    self.annotations = annotations
    self.ports = ports
    self.userAnnotations = userAnnotations
    self.userLabels = userLabels
    self.acVersion = acVersion
  }

  /// The UUID that documents up to 0.5.0 gave their pod; to later ones `uuid` is an unknown member.
  public var uuid: PodUUID? {
    let text = unknownMembers.first { $0.key.hasSameBytes(as: "uuid") }?.value.string
    return text.flatMap { try? PodUUID($0) }
  }

  /// The members of the document that the schema does not know, in order.
  public var unknownMembers: [JSONObject.Member] { origin.unknownMembers }
}

extension PodManifest: Manifest, SchemaObject {
  static let kind = ACKind.podManifest
  private static let keys: [StaticString] = [
    "acVersion", "acKind", "apps", "volumes", "isolators", "annotations", "ports", "userAnnotations",
    "userLabels",
  ]

  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "L1") else { return nil }
    let version = reader.header(&fields, Self.kind, kindRule: "L1", versionRule: "L1")
    self.init(
      apps: Self.apps(&fields, &reader),
      volumes: Self.volumes(&fields, &reader),
      isolators: reader.isolators(&fields, ofApp: false),
      annotations: Annotations(&fields, &reader),
      ports: Self.ports(&fields, &reader),
      userAnnotations: reader.userTexts(&fields, "userAnnotations", "L14"),
      userLabels: reader.userTexts(&fields, "userLabels", "L14"),
      acVersion: version ?? .current)
    origin = reader.origin(fields, Self.keys)
    source = reader.source
    if version == nil { return nil }
  }

  private static func apps(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> [RuntimeApp] {
    guard let node = reader.optional(&fields, "apps") else {
      reader.deviation("L2", at: fields.object, missing: "apps", "is missing")
      return []
    }
    let apps = reader.list(node, "L2") { RuntimeApp($0, &$1) }
    if reader.isEarlier(than: SemanticVersion(0, 4, 0)) { return apps.uniquelyNamed(at: node, &reader) }
    reader.unique(apps, key: \.name.text) { $0.error("L2", at: node, "two apps are called \"\($1)\"") }
    return apps
  }

  private static func volumes(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> [Volume] {
    guard let node = reader.optional(&fields, "volumes") else { return [] }
    let volumes = reader.list(node, "L10") { $1.volumes($0) }.flatMap(\.self)
    reader.unique(volumes, key: \.name.text) {
      $0.error("K5", at: node, "two volumes are called \"\($1)\"")
    }
    return volumes
  }

  private static func ports(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> [ExposedPort] {
    guard let node = reader.optional(&fields, "ports") else { return [] }
    let ports = reader.list(node, "L13") { ExposedPort($0, &$1) }
    reader.unique(ports, key: \.name.text) {
      $0.deviation("L13", at: node, "two ports are called \"\($1)\"")
    }
    return ports
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    let version = source.writtenVersion(acVersion, isolators + apps.flatMap { $0.app?.isolators ?? [] })
    writer.put("acVersion", .string(version.description))
    writer.put("acKind", .string(Self.kind.rawValue))
    writer.put("apps", .array(apps.map(\.json)))
    writer.put("volumes", list: volumes.map(\.json))
    writer.put("isolators", list: isolators.map(\.json))
    writer.put("annotations", list: annotations.map(\.json))
    writer.put("ports", list: ports.map(\.json))
    writer.put("userAnnotations", texts: userAnnotations)
    writer.put("userLabels", texts: userLabels)
    return writer.finish()
  }
}

extension SchemaReader {
  /// One volume; of 0.1.1 and 0.2, where volumes had no names, one for each mount point that it `fulfills`.
  ///
  /// Only the first one keeps what the schema does not know: kept for each, a few megabytes of names and of
  /// such members would become terabytes.
  fileprivate mutating func volumes(_ node: JSONNode) -> [Volume]? {
    guard mode == .tolerant, var fields = fields(node, "K5"), optional(&fields, "name") == nil,
      let names = optional(&fields, "fulfills")
    else { return Volume(node, &self).map { [$0] } }
    upgrade(at: names, "becomes a volume for each of these mount points")
    let fulfilled = list(names, "K5") { $1.name($0, "K5") }
    guard let name = fulfilled.first, let volume = Volume(&fields, name: name, &self) else { return nil }
    var another = volume
    another.origin = .none
    return [volume]
      + fulfilled.dropFirst().map { name in
        another.name = name
        return another
      }
  }
}
