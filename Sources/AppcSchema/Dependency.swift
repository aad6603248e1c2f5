/// An image that another one is rendered on (F).
public struct Dependency: Hashable, Sendable {
  /// The image's name (F1).
  public var imageName: ACIdentifier
  /// The image's ID, which must match if it is given (F2).
  ///
  /// Setting one removes the prefix.
  public var imageID: ImageID? {
    didSet { if imageID != nil { imageIDPrefix = nil } }
  }
  /// The beginning of the image's ID, as old tools wrote it.
  ///
  /// Never there together with `imageID`: setting one removes the ID.
  public var imageIDPrefix: ImageIDPrefix? {
    didSet { if imageIDPrefix != nil { imageID = nil } }
  }
  /// The labels the image must have (F3).
  public var labels: Labels
  /// How many bytes are to be transferred; nil if unknown (F4).
  public var size: UInt64?
  var origin = OriginBox.none

  /// Creates a dependency.
  public init(
    imageName: ACIdentifier, imageID: ImageID? = nil, labels: Labels = Labels(), size: UInt64? = nil
  ) {
    self.imageName = imageName
    self.imageID = imageID
    self.labels = labels
    self.size = size
  }
}

extension Dependency: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "F1") else { return nil }
    let name = Self.name(&fields, &reader)
    let id = reader.optional(&fields, "imageID", formerly: ["hash"]).map { Self.id($0, &reader) }
    let labels = Labels(&fields, &reader, rule: "F3")
    // 0 is how the reference implementation writes "unknown".
    let bytes = reader.integer(&fields, "size", "F4", in: 0...UInt64.max) ?? 0
    if reader.isEarlier(than: SemanticVersion(0, 2, 0)) { Self.checkRoot(&fields, &reader) }
    let origin = reader.origin(fields, ["imageName", "imageID", "labels", "size"])
    guard let name else { return nil }
    imageName = name
    imageID = id?.full
    imageIDPrefix = id?.prefix
    self.labels = labels
    size = bytes == 0 ? nil : bytes
    self.origin = origin
  }

  private static func name(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> ACIdentifier? {
    if let node = reader.optional(&fields, "imageName", formerly: ["app", "name"]) {
      return reader.identifier(node, "F1")
    }
    reader.report(.error, "F1", at: fields.object, missing: "imageName", "is missing; it is required")
    return nil
  }

  /// Full IDs, prefixes of 64 digits (`sha512-` cut in half, as tools up to 0.5 wrote them), and the SHA-256
  /// of 0.1.1, which can match nothing and is left in the document.
  private static func id(
    _ node: JSONNode, _ reader: inout SchemaReader
  ) -> (full: ImageID?, prefix: ImageIDPrefix?) {
    guard let text = reader.string(node, "F2") else { return (nil, nil) }
    if reader.mode == .tolerant, text.utf8.count == ImageID.scheme.utf8.count + 64,
      let prefix = try? ImageIDPrefix(text)
    {
      reader.warn("A8", at: node, "the ID has 64 digits of 128; it is taken as a prefix")
      return (nil, prefix)
    }
    return (reader.imageID(node), nil)
  }

  /// 0.1.1 could place a dependency below a directory, which nothing does any more.
  private static func checkRoot(_ fields: inout ObjectFields, _ reader: inout SchemaReader) {
    guard let node = reader.optional(&fields, "root"), let root = reader.string(node, "V"),
      !root.hasSameBytes(as: "/")
    else { return }
    reader.warn("V", at: node, "is ignored: dependencies are always rendered at the root")
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("imageName", .string(imageName.text))
    writer.put(
      "imageID", (imageID?.description ?? imageIDPrefix?.description).map(JSONValue.string),
      defaults: [.string(ImageID.placeholder)])
    writer.put("labels", list: labels.map(\.json))
    writer.put("size", size.map(JSONValue.integer), defaults: [0])
    return writer.finish()
  }
}
