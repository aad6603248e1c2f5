/// What can be read of an image manifest whatever is wrong with it (N1): for messages about a broken image, and
/// for removing it.
///
/// Only the JSON and `acKind` are checked; names, labels and the version are texts that may be anything.
public struct LastDitchImageManifest: Hashable, Sendable {
  /// The version it says it follows; empty if it says none.
  @Bytewise public var acVersion: String
  /// The name; empty if there is none.
  @Bytewise public var name: String
  /// The labels, in order.
  public var labels: [LastDitchLabel]

  /// Reads an image manifest.
  ///
  /// Throws `malformedJSON` or `limitExceeded`, and `invalidManifest` if the kind is another, or one of these
  /// members has another JSON type than it should.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .default
  ) throws(SchemaError) -> LastDitchImageManifest {
    var reader = SchemaReader(try JSONDocument(bytes, limits: limits), mode: .tolerant)
    let manifest = reader.lastDitch(.imageManifest, "D1") { fields, version, reader in
      LastDitchImageManifest(
        acVersion: version, name: reader.lastDitchText(&fields, "name"),
        labels: reader.lastDitchLabels(&fields))
    }
    guard let manifest, !reader.hasErrors else { throw reader.failure("image manifest") }
    return manifest
  }

  /// What was read, as JSON.
  public var json: JSONValue {
    var writer = ObjectWriter(.none)
    writer.put("acVersion", .string(acVersion))
    writer.put("acKind", .string(ACKind.imageManifest.rawValue))
    writer.put("name", .string(name))
    writer.put("labels", list: labels.map(\.json))
    return writer.finish()
  }
}

/// What can be read of a pod manifest whatever is wrong with it (N1): for messages about a broken pod, and for
/// removing it.
///
/// Only the JSON and `acKind` are checked; everything else is text that may be anything.
public struct LastDitchPodManifest: Hashable, Sendable {
  /// An app of the pod.
  public struct App: Hashable, Sendable {
    /// The app's name; empty if there is none.
    @Bytewise public var name: String
    /// The name of its image; empty if there is none.
    @Bytewise public var imageName: String
    /// The ID of its image; empty if there is none.
    @Bytewise public var imageID: String
    /// The labels of its image, in order.
    public var imageLabels: [LastDitchLabel]
  }

  /// The version it says it follows; empty if it says none.
  @Bytewise public var acVersion: String
  /// The apps, in order.
  public var apps: [App]

  /// Reads a pod manifest; throws as `LastDitchImageManifest.read` does.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .default
  ) throws(SchemaError) -> LastDitchPodManifest {
    var reader = SchemaReader(try JSONDocument(bytes, limits: limits), mode: .tolerant)
    let manifest = reader.lastDitch(.podManifest, "L1") { fields, version, reader in
      LastDitchPodManifest(
        acVersion: version, apps: reader.list(&fields, "apps", "N1") { App($0, &$1) })
    }
    guard let manifest, !reader.hasErrors else { throw reader.failure("pod manifest") }
    return manifest
  }

  /// What was read, as JSON.
  public var json: JSONValue {
    var writer = ObjectWriter(.none)
    writer.put("acVersion", .string(acVersion))
    writer.put("acKind", .string(ACKind.podManifest.rawValue))
    writer.put("apps", .array(apps.map(\.json)))
    return writer.finish()
  }
}

/// A label of a broken manifest: two texts that may be anything.
public struct LastDitchLabel: Hashable, Sendable {
  /// The name; empty if there is none.
  @Bytewise public var name: String
  /// The value; empty if there is none.
  @Bytewise public var value: String

  fileprivate init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "N1") else { return nil }
    name = reader.lastDitchText(&fields, "name")
    value = reader.lastDitchText(&fields, "value")
  }

  fileprivate var json: JSONValue { ["name": .string(name), "value": .string(value)] }
}

extension LastDitchPodManifest.App {
  fileprivate init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "N1") else { return nil }
    let name = reader.lastDitchText(&fields, "name")
    self.init(name: name, imageName: "", imageID: "", imageLabels: [])
    guard let image = reader.optional(&fields, "image") else { return }
    guard var fields = reader.fields(image, "N1") else { return nil }
    imageName = reader.lastDitchText(&fields, "name")
    imageID = reader.lastDitchText(&fields, "id")
    imageLabels = reader.lastDitchLabels(&fields)
  }

  fileprivate var json: JSONValue {
    var image = ObjectWriter(.none)
    image.put("name", imageName.isEmpty ? nil : .string(imageName))
    image.put("id", .string(imageID))
    image.put("labels", list: imageLabels.map(\.json))
    return ["name": .string(name), "image": image.finish()]
  }
}

extension SchemaReader {
  /// Reads a document of a kind whose members `read` takes.
  fileprivate mutating func lastDitch<Manifest>(
    _ kind: ACKind, _ rule: String,
    _ read: (inout ObjectFields, String, inout SchemaReader) -> Manifest
  ) -> Manifest? {
    guard var fields = fields(.root, "N1"), isKind(kind, &fields, rule) else { return nil }
    let version = lastDitchText(&fields, "acVersion")
    return read(&fields, version, &self)
  }

  fileprivate mutating func lastDitchText(_ fields: inout ObjectFields, _ key: StaticString) -> String {
    guard let node = optional(&fields, key) else { return "" }
    guard isString(node) else {
      let kind = tokens[node.index].kindName
      error("N1", at: node, "must be a string, not \(kind)")
      return ""
    }
    return document.text(at: node.index)
  }

  fileprivate mutating func lastDitchLabels(_ fields: inout ObjectFields) -> [LastDitchLabel] {
    list(&fields, "labels", "N1") { LastDitchLabel($0, &$1) }
  }
}
