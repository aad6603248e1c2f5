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

  /// The members of the document that the schema does not know, in order.
  public var unknownMembers: [JSONObject.Member] { origin.unknownMembers }
}

extension PodManifest: Manifest, SchemaObject {
  static let kind = ACKind.podManifest
  private static let keys = [
    "acVersion", "acKind", "apps", "volumes", "isolators", "annotations", "ports", "userAnnotations",
    "userLabels",
  ]

  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "L1") else { return nil }
    let header = reader.header(object, Self.kind, kindRule: "L1", versionRule: "L1")
    if reader.optional(object, "apps") == nil { reader.deviation("L2", "\"apps\" is missing") }
    apps = reader.list(object, "apps", "L2") { RuntimeApp($0, &$1) }
    volumes = reader.list(object, "volumes", "L10") { Volume($0, &$1) }
    isolators = reader.isolators(object, ofApp: false)
    annotations = Annotations(object, &reader)
    ports = reader.list(object, "ports", "L13") { ExposedPort($0, &$1) }
    userAnnotations = reader.userTexts(object, "userAnnotations", "L14")
    userLabels = reader.userTexts(object, "userLabels", "L14")
    origin = reader.origin(object, Self.keys)
    guard let version = header else { return nil }
    acVersion = version
    checkNames(&reader)
  }

  private func checkNames(_ reader: inout SchemaReader) {
    reader.at("apps") { reader in
      reader.unique(apps, key: \.name.text) { $0.error("L2", "two apps are called \"\($1)\"") }
    }
    reader.at("volumes") { reader in
      reader.unique(volumes, key: \.name.text) { $0.error("K5", "two volumes are called \"\($1)\"") }
    }
    reader.at("ports") { reader in
      reader.unique(ports, key: \.name.text) { $0.deviation("L13", "two ports are called \"\($1)\"") }
    }
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("acVersion", .string(source.writtenVersion(acVersion).description))
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
