/// A directory or file that apps of a pod share (K5).
public struct Volume: Hashable, Sendable {
  /// Where a volume's content comes from.
  public enum Kind: String, Hashable, Sendable {
    /// A path of the host.
    case host
    /// A new, empty directory that lives as long as the pod.
    case empty
  }

  /// The name that mount points and mounts refer to.
  public var name: ACName
  /// Where the content comes from.
  public var kind: Kind
  /// The absolute path on the host; set for kind `host` and only there.
  @Bytewise public var source: String?
  /// Whether apps must not write to it; nil leaves it to the mount point.
  public var readOnly: Bool?
  /// Whether mounts below the source come along; nil means yes.
  ///
  /// Kind `host` only.
  public var recursive: Bool?
  /// Permissions of an empty volume's directory, 0 to 0o7777.
  public var mode: UInt16
  /// Owner of an empty volume's directory, inside the pod.
  public var uid: UInt32
  /// Group of an empty volume's directory, inside the pod.
  public var gid: UInt32
  var origin = OriginBox.none

  /// The mode of an empty volume for which none is given.
  public static let defaultMode: UInt16 = 0o755

  /// A volume of kind `host`.
  public static func host(
    name: ACName, source: String, readOnly: Bool? = nil, recursive: Bool? = nil
  ) -> Volume {
    Volume(name: name, kind: .host, source: source, readOnly: readOnly, recursive: recursive)
  }

  /// A volume of kind `empty`.
  public static func empty(
    name: ACName, readOnly: Bool? = nil, mode: UInt16 = defaultMode, uid: UInt32 = 0, gid: UInt32 = 0
  ) -> Volume {
    Volume(name: name, kind: .empty, readOnly: readOnly, mode: mode, uid: uid, gid: gid)
  }

  /// Creates a volume; see `problem` for what must fit together.
  public init(
    name: ACName, kind: Kind, source: String? = nil, readOnly: Bool? = nil, recursive: Bool? = nil,
    mode: UInt16 = defaultMode, uid: UInt32 = 0, gid: UInt32 = 0
  ) {
    self.name = name
    self.kind = kind
    self.source = source
    self.readOnly = readOnly
    self.recursive = recursive
    self.mode = mode
    self.uid = uid
    self.gid = gid
  }

  /// What is wrong with the volume, nil if nothing: a host volume needs an absolute source, an empty one has
  /// none.
  public var problem: String? {
    switch (kind, source) {
    case (.host, nil): return "a volume of kind host needs a source"
    case (.empty, _?): return "a volume of kind empty has no source"
    case (.host, let source?):
      if source.utf8.first != ASCII.slash { return "the source \(quoted(source)) is not absolute" }
      return source.utf8.contains(0) ? "the source holds a NUL character" : nil
    case (.empty, nil): return nil
    }
  }
}

extension Volume: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "K5") else { return nil }
    let name = reader.requiredName(&fields, "name", "K5")
    self.init(&fields, name: name, &reader)
  }

  /// Reads everything but the name.
  init?(_ fields: inout ObjectFields, name: ACName?, _ reader: inout SchemaReader) {
    let kind = Self.kind(&fields, &reader)
    let source = reader.string(&fields, "source", "K5")
    let readOnly = reader.bool(&fields, "readOnly", "K5")
    let recursive = reader.optional(&fields, "recursive")
    let mode = reader.optional(&fields, "mode")
    let uid = reader.optional(&fields, "uid")
    let gid = reader.optional(&fields, "gid")
    if kind == .host {
      for node in [mode, uid, gid] {
        if let node { reader.error("K5", at: node, "a volume of kind host has none") }
      }
    } else if let recursive {
      reader.deviation("K5", at: recursive, "means nothing for a volume of kind empty")
    }
    let read = (
      recursive: recursive.flatMap { reader.bool($0, "K5") }, mode: mode.flatMap { Self.mode($0, &reader) },
      uid: uid.flatMap { reader.integer($0, "K5", in: 0...UInt32.max - 1) },
      gid: gid.flatMap { reader.integer($0, "K5", in: 0...UInt32.max - 1) }
    )
    let origin = reader.origin(
      fields, ["name", "kind", "source", "readOnly", "recursive", "mode", "uid", "gid"])
    guard let name, let kind else { return nil }
    self.init(
      name: name, kind: kind, source: source.flatMap { $0.isEmpty ? nil : $0 }, readOnly: readOnly,
      recursive: read.recursive, mode: read.mode ?? Self.defaultMode, uid: read.uid ?? 0,
      gid: read.gid ?? 0)
    self.origin = origin
    if let problem { reader.error("K5", at: fields.object, problem) }
  }

  private static func kind(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> Kind? {
    guard let node = reader.required(&fields, "kind", "K5"), let text = reader.string(node, "K5")
    else { return nil }
    if text.hasSameBytes(as: Kind.host.rawValue) { return .host }
    if text.hasSameBytes(as: Kind.empty.rawValue) { return .empty }
    reader.error("K5", at: node, "\(quoted(text)) is neither host nor empty")
    return nil
  }

  /// The reference implementation takes any text; what is no octal number is read as the default.
  private static func mode(_ node: JSONNode, _ reader: inout SchemaReader) -> UInt16? {
    guard let text = reader.string(node, "K5") else { return nil }
    if let mode = mode(parsing: text) { return mode }
    reader.deviation("K5", at: node, "\(quoted(text)) is no octal mode; it is read as 0755")
    return nil
  }

  /// An octal number from 0 to 7777.
  static func mode(parsing text: String) -> UInt16? {
    guard !text.isEmpty, text.utf8.count <= 5,
      text.utf8.allSatisfy({ (ASCII.zero..<ASCII.zero + 8).contains($0) }),
      let mode = UInt16(text, radix: 8), mode <= 0o7777
    else { return nil }
    return mode
  }

  /// The mode with at least four digits: "0755".
  static func text(ofMode mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("kind", .string(kind.rawValue))
    writer.put("source", source.map(JSONValue.string))
    writer.put("readOnly", readOnly.map(JSONValue.bool))
    writer.put("recursive", recursive.map(JSONValue.bool))
    if kind == .empty {
      writer.put("mode", .string(Self.text(ofMode: mode)), defaults: ["0755", "755"])
      writer.put("uid", .integer(uid), defaults: [0])
      writer.put("gid", .integer(gid), defaults: [0])
    } else {
      for key in ["mode", "uid", "gid"] { writer.put(key, nil) }
    }
    return writer.finish()
  }
}
