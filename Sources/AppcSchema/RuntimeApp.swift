/// Which image an app of a pod is made from (L4, L5).
public struct RuntimeImage: Hashable, Sendable {
  /// The image's ID.
  ///
  /// A template may leave it open; a pod cannot run without.
  public var id: ImageID?
  /// The image's name.
  public var name: ACIdentifier?
  /// The image's labels.
  public var labels: Labels
  var origin = OriginBox.none

  /// Creates a reference to an image.
  public init(id: ImageID? = nil, name: ACIdentifier? = nil, labels: Labels = Labels()) {
    self.id = id
    self.name = name
    self.labels = labels
  }
}

extension RuntimeImage: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "L4") else { return nil }
    let id = reader.optional(&fields, "id").flatMap { reader.imageID($0) }
    let name = reader.optional(&fields, "name").flatMap { reader.identifier($0, "L5") }
    let labels = Labels(&fields, &reader, rule: "L5")
    self.init(id: id, name: name, labels: labels)
    origin = reader.origin(fields, ["id", "name", "labels"])
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", (name?.text).map(JSONValue.string))
    writer.put("id", (id?.description).map(JSONValue.string), defaults: [.string(ImageID.placeholder)])
    writer.put("labels", list: labels.map(\.json))
    return writer.finish()
  }
}

/// One app of a pod (L3 to L9).
public struct RuntimeApp: Hashable, Sendable {
  /// The app's name, unique in the pod.
  public var name: ACName
  /// The image it is made from.
  public var image: RuntimeImage
  /// What to run instead of what the image says; replaces the image's app as a whole (L6).
  public var app: App?
  /// Whether the app must not write to its root.
  public var readOnlyRootFS: Bool
  /// Volumes and where they go in this app (L8).
  public var mounts: [Mount]
  /// Annotations, over those of the image (L9).
  public var annotations: Annotations
  var origin = OriginBox.none

  /// Creates an app of a pod.
  public init(
    name: ACName, image: RuntimeImage, app: App? = nil, readOnlyRootFS: Bool = false, mounts: [Mount] = [],
    annotations: Annotations = Annotations()
  ) {
    self.name = name
    self.image = image
    self.app = app
    self.readOnlyRootFS = readOnlyRootFS
    self.mounts = mounts
    self.annotations = annotations
  }
}

extension RuntimeApp: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "L2") else { return nil }
    let legacy = LegacyRuntimeApp(&fields, &reader)
    let name = legacy?.name ?? reader.requiredName(&fields, "name", "L3")
    let image = Self.image(&fields, legacy, &reader)
    let app =
      legacy?.name == nil ? reader.optional(&fields, "app").flatMap { App($0, &reader) } : nil
    let readOnlyRootFS = reader.bool(&fields, "readOnlyRootFS", "L7") ?? false
    let points = MountPointPaths(app?.mountPoints ?? [])
    let mounts = reader.list(&fields, "mounts", "L8") { Mount($0, points, &$1) }
    let annotations = Annotations(&fields, &reader)
    let origin = reader.origin(
      fields, ["name", "image", "app", "readOnlyRootFS", "mounts", "annotations"])
    guard let name else { return nil }
    self.init(
      name: name, image: image, app: app, readOnlyRootFS: readOnlyRootFS, mounts: mounts,
      annotations: annotations)
    self.origin = origin
  }

  private static func image(
    _ fields: inout ObjectFields, _ legacy: LegacyRuntimeApp?, _ reader: inout SchemaReader
  ) -> RuntimeImage {
    if let node = reader.optional(&fields, "image") {
      return RuntimeImage(node, &reader) ?? RuntimeImage()
    }
    if let legacy { return RuntimeImage(id: legacy.imageID, name: legacy.imageName) }
    reader.deviation("L4", at: fields.object, missing: "image", "is missing")
    return RuntimeImage()
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("image", image.json)
    writer.put("app", app?.json)
    writer.put("readOnlyRootFS", flag: readOnlyRootFS)
    writer.put("mounts", list: mounts.map(\.json))
    writer.put("annotations", list: annotations.map(\.json))
    return writer.finish()
  }
}
