public import ACIArchive
public import AppcSchema

/// What the store knows of an image without reading its blob.
public struct ImageRecord: Sendable, Hashable {
  /// The identity of the image.
  public let id: ImageID
  /// The name in its manifest.
  public let name: ACIdentifier
  /// The labels in its manifest.
  public let labels: Labels
  /// The size of the uncompressed image, in bytes.
  public let tarBytes: Int64
  /// The disk space of the trees rendered for it, in bytes; nil when there is none.
  public internal(set) var treeBytes: Int64?
  /// When it was imported.
  public let importedAt: FileTime
  /// When it was last imported, rendered or exported.
  public internal(set) var lastUsedAt: FileTime
  /// Whether it was imported as the newest version of its name, and so is preferred when no version is asked for.
  public let isLatest: Bool
  /// Where it came from, as the importer said: a URL or a path.
  public let origin: String?

  /// The label `version`, if it has one.
  public var version: String? { labels["version"] }
}

extension ImageRecord {
  /// A record is small; anything larger was not written by us.
  static let maxFileBytes = 9 << 20

  init(
    id: ImageID, manifest: ImageManifest, tarBytes: Int64, importedAt: FileTime, isLatest: Bool,
    origin: String?
  ) {
    self.init(
      id: id, name: manifest.name, labels: manifest.labels, tarBytes: tarBytes, treeBytes: nil,
      importedAt: importedAt, lastUsedAt: importedAt, isLatest: isLatest, origin: origin)
  }

  /// The bytes of the record's file.
  func serialized() -> [UInt8] {
    var object = JSONObject()
    object["id"] = .string(id.description)
    object["name"] = .string(name.text)
    object["labels"] = .array(
      labels.map { ["name": .string($0.name.text), "value": .string($0.value)] as JSONValue })
    object["tarBytes"] = .integer(tarBytes)
    object["importedAtSeconds"] = .integer(importedAt.seconds)
    object["importedAtNanoseconds"] = .integer(importedAt.nanoseconds)
    object["latest"] = .bool(isLatest)
    if let origin { object["origin"] = .string(origin) }
    return JSONValue.object(object).serialized(.pretty)
  }

  /// Reads a record's file; nil when it is not one, or is about another image.
  init?(_ bytes: [UInt8], of id: ImageID) {
    self.init(bytes.span, of: id)
  }

  /// Reads a record from borrowed bytes.
  init?(_ bytes: borrowing Span<UInt8>, of id: ImageID) {
    guard let value = try? JSONValue.parse(bytes),
      let named = value["id"]?.string, named.hasSameBytes(as: id.description),
      let name = value["name"]?.string.flatMap({ try? ACIdentifier($0, mode: .tolerant) }),
      let labels = value["labels"]?.array.flatMap(ImageRecord.labels),
      let tarBytes = value["tarBytes"]?.number?.integer(as: Int64.self),
      let seconds = value["importedAtSeconds"]?.number?.integer(as: Int64.self),
      let nanoseconds = value["importedAtNanoseconds"]?.number?.integer(as: Int32.self),
      let isLatest = value["latest"]?.bool
    else { return nil }
    let importedAt = FileTime(seconds: seconds, nanoseconds: nanoseconds)
    self.init(
      id: id, name: name, labels: labels, tarBytes: tarBytes, treeBytes: nil, importedAt: importedAt,
      lastUsedAt: importedAt, isLatest: isLatest, origin: value["origin"]?.string)
  }

  private static func labels(_ values: [JSONValue]) -> Labels? {
    var labels: [Label] = []
    for value in values {
      guard let name = value["name"]?.string.flatMap({ try? ACIdentifier($0, mode: .tolerant) }),
        let text = value["value"]?.string
      else { return nil }
      labels.append(Label(name: name, value: text))
    }
    return try? Labels(labels)
  }
}
