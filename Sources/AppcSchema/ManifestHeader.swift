/// What a document says it is, whatever else is in it (N2).
public struct ManifestHeader: Hashable, Sendable {
  /// What the document describes, nil if its `acKind` is missing or none that is known.
  ///
  /// A ContainerRuntimeManifest of versions 0.1.1 to 0.4 is a pod manifest.
  public let kind: ACKind?
  /// The text of `acKind`; empty if it is missing or no text.
  @Bytewise public private(set) var kindText: String
  /// The text of `acVersion`, nil if it is missing or no text.
  @Bytewise public private(set) var versionText: String?

  /// The kind that pod manifests had up to 0.4.
  static let formerPodKind = "ContainerRuntimeManifest"

  /// Reads the header of a document.
  ///
  /// Throws `malformedJSON` or `limitExceeded`, and `invalidManifest` if the document is no object.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .default
  ) throws(SchemaError) -> ManifestHeader {
    var reader = SchemaReader(try JSONDocument(bytes, limits: limits), mode: .tolerant)
    guard var fields = reader.fields(.root, "D0") else { throw reader.failure("manifest") }
    return ManifestHeader(
      kind: reader.optional(&fields, "acKind").flatMap { reader.string($0, "D1") } ?? "",
      version: reader.optional(&fields, "acVersion").flatMap { reader.string($0, "D2") })
  }

  private init(kind: String, version: String?) {
    self.kind = kind.hasSameBytes(as: Self.formerPodKind) ? .podManifest : try? ACKind(kind)
    kindText = kind
    versionText = version
  }
}
