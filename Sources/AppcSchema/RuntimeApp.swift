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
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "L4") else { return nil }
    id = reader.string(object, "id", "L4").flatMap { text in
      reader.at("id") { $0.imageID(text) }
    }
    name = reader.string(object, "name", "L5").flatMap { text in
      reader.at("name") { $0.identifier(text) }
    }
    labels = Labels(object, &reader, rule: "L5")
    origin = reader.origin(object, ["id", "name", "labels"])
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
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "L2") else { return nil }
    let name = reader.requiredString(object, "name", "L3").flatMap { text in
      reader.at("name") { $0.name(text) }
    }
    if let value = reader.optional(object, "image") {
      image = reader.at("image") { RuntimeImage(value, &$0) } ?? RuntimeImage()
    } else {
      reader.deviation("L4", "\"image\" is missing")
      image = RuntimeImage()
    }
    let app = reader.optional(object, "app").flatMap { value in reader.at("app") { App(value, &$0) } }
    self.app = app
    readOnlyRootFS = reader.bool(object, "readOnlyRootFS", "L7") ?? false
    mounts = reader.list(object, "mounts", "L8") { Mount($0, app: app, &$1) }
    annotations = Annotations(object, &reader)
    origin = reader.origin(object, ["name", "image", "app", "readOnlyRootFS", "mounts", "annotations"])
    guard let name else { return nil }
    self.name = name
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
