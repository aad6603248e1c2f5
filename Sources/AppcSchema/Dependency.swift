/// An image that another one is rendered on (F).
public struct Dependency: Hashable, Sendable {
  /// The image's name (F1).
  public var imageName: ACIdentifier
  /// The image's ID, which must match if it is given (F2).
  public var imageID: ImageID?
  /// The beginning of the image's ID, as old tools wrote it.
  ///
  /// Never set together with `imageID`.
  public var imageIDPrefix: ImageIDPrefix?
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
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "F1") else { return nil }
    var keys = ["imageName", "imageID", "labels", "size"]
    let nameKey = reader.currentKey(object, "imageName", formerly: ["app", "name"])
    let idKey = reader.currentKey(object, "imageID", formerly: ["hash"])
    let name = reader.requiredString(object, nameKey, "F1").flatMap { text in
      reader.at(nameKey) { $0.identifier(text) }
    }
    let labels = Labels(object, &reader, rule: "F3")
    // 0 is how the reference implementation writes "unknown".
    let bytes = reader.integer(object, "size", "F4", in: 0...UInt64.max) ?? 0
    keys += [nameKey, idKey]
    let origin = reader.origin(object, keys)
    let id = Self.readID(object, idKey, &reader)
    Self.readRoot(object, &reader)
    guard let name else { return nil }
    imageName = name
    imageID = id.full
    imageIDPrefix = id.prefix
    self.labels = labels
    size = bytes == 0 ? nil : bytes
    self.origin = origin
  }

  /// Full IDs, prefixes of 64 digits (`sha512-` cut in half, as tools up to 0.5 wrote them), and the SHA-256
  /// of 0.1.1, which can match nothing and is left in the document.
  private static func readID(
    _ object: JSONObject, _ key: String, _ reader: inout SchemaReader
  ) -> (full: ImageID?, prefix: ImageIDPrefix?) {
    guard let text = reader.string(object, key, "F2") else { return (nil, nil) }
    if reader.mode == .tolerant, let prefix = try? ImageIDPrefix(text), prefix.hex.utf8.count == 64 {
      reader.at(key) { $0.warn("A8", "the ID has 64 digits of 128; it is taken as a prefix") }
      return (nil, prefix)
    }
    if reader.mode == .tolerant, reader.version < SemanticVersion(0, 2, 0),
      text.utf8.starts(with: "sha256-".utf8)
    {
      reader.at(key) { $0.upgrade("a SHA-256 of version 0.1.1 identifies no image any more; it is ignored") }
      return (nil, nil)
    }
    return (reader.at(key) { $0.imageID(text) }, nil)
  }

  /// 0.1.1 could place a dependency below a directory, which nothing does any more.
  private static func readRoot(_ object: JSONObject, _ reader: inout SchemaReader) {
    guard reader.version < SemanticVersion(0, 2, 0), case .string(let root)? = object["root"], root != "/"
    else { return }
    reader.at("root") { $0.warn("V", "is ignored: dependencies are always rendered at the root") }
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

extension SchemaReader {
  /// The key to read: today's, or in tolerant mode the one that an earlier version had in its place.
  mutating func currentKey(_ object: JSONObject, _ key: String, formerly older: [String]) -> String {
    if object[key] != nil { return key }
    guard let found = older.first(where: { object[$0] != nil }) else { return key }
    upgrade("\"\(found)\" is read as \"\(key)\"")
    return found
  }
}
