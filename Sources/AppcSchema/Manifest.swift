/// What image and pod manifests have in common: a document of a kind, read and written as a whole.
protocol Manifest: SchemaObject, Hashable, Sendable {
  static var kind: ACKind { get }
  var acVersion: SemanticVersion { get set }
  var source: DocumentSource { get set }
}

extension SchemaReader {
  /// Where the manifest that has been read comes from.
  var source: DocumentSource {
    DocumentSource(bytes: document.isText ? bytes : nil, wasUpgraded: upgraded)
  }
}

/// The bytes a manifest was read from.
///
/// They count nothing for equality.
struct DocumentSource: Hashable, Sendable {
  var bytes: [UInt8]?
  /// Whether something of an earlier version was converted, so that writing makes it a document of today.
  var wasUpgraded = false
  /// Whether it is to be written as a document of today even if nothing was changed.
  var mustBeCurrent = false

  static let none = DocumentSource()

  /// The version that a manifest with these isolators is written with.
  ///
  /// A plain number of processors meant thousandths before 0.7; what was read so has been converted, so the
  /// others are of today.
  func writtenVersion(_ version: SemanticVersion, _ isolators: [Isolator]) -> SemanticVersion {
    let isOfToday =
      wasUpgraded || mustBeCurrent
      || (version < SemanticVersion(0, 7, 0) && isolators.contains(where: \.countsCores))
    return isOfToday ? max(version, .current) : version
  }

  static func == (left: DocumentSource, right: DocumentSource) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}

extension Manifest {
  static func reading(
    _ bytes: [UInt8], mode: ReadingMode, limits: JSONLimits
  ) throws(SchemaError) -> Reading<Self> {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes, limits: limits)
    } catch {
      var error = error
      error.subject = Self.kind.rawValue
      throw error
    }
    var reader = SchemaReader(document, mode: mode)
    guard let value = Self(.root, &reader), !reader.hasErrors else {
      throw reader.failure(Self.kind.rawValue)
    }
    let diagnostics = reader.diagnostics()
    return Reading(value: consume value, diagnostics: diagnostics)
  }

  func bytes(_ style: JSONStyle) -> [UInt8] {
    guard style == .preserving, let bytes = source.bytes else { return json.serialized(style) }
    if !source.mustBeCurrent, let before = try? Self.reading(bytes, mode: .tolerant, limits: .unlimitedBytes),
      before.value == self
    {
      // A document of an earlier version stays one as long as nothing of it is changed.
      return bytes
    }
    return json.serialized(preserving: bytes)
  }

  func inCurrentVersion() -> Self {
    var manifest = self
    manifest.acVersion = max(acVersion, .current)
    manifest.source.mustBeCurrent = true
    return manifest
  }
}

extension SchemaReader {
  /// Reads `acKind` and `acVersion`; the version is nil if something is wrong with one of them.
  mutating func header(
    _ fields: inout ObjectFields, _ kind: ACKind, kindRule: String, versionRule: String
  ) -> SemanticVersion? {
    let isKind = isKind(kind, &fields, kindRule)
    if kind == .podManifest, mode == .tolerant, optional(&fields, "acVersion") == nil {
      // The kind of `isKind` may have been the former one; then the first version there was may be meant.
      let assumed = upgraded ? SemanticVersion(0, 1, 1) : .current
      report(
        .warning, versionRule, at: fields.object, missing: "acVersion", "is missing; \(assumed) is assumed")
      version = assumed
      return isKind ? assumed : nil
    }
    guard let node = required(&fields, "acVersion", versionRule), let version = version(node, versionRule)
    else { return nil }
    return isKind ? version : nil
  }

  mutating func isKind(_ kind: ACKind, _ fields: inout ObjectFields, _ rule: String) -> Bool {
    guard let node = required(&fields, "acKind", rule), let text = string(node, rule) else { return false }
    if text.hasSameBytes(as: kind.rawValue) { return true }
    if kind == .podManifest, mode == .tolerant, text.hasSameBytes(as: ManifestHeader.formerPodKind) {
      upgrade(at: node, "\(ManifestHeader.formerPodKind) is read as \(ACKind.podManifest)")
      return true
    }
    error(rule, at: node, "must be \"\(kind)\", not \(quoted(text))")
    return false
  }

  private mutating func version(_ node: JSONNode, _ rule: String) -> SemanticVersion? {
    guard let text = string(node, rule) else { return nil }
    let mode = mode
    guard
      let read = attempt("A6", at: node, { () throws(SchemaError) in try SemanticVersion(text, mode: mode) })
    else { return nil }
    if read.isZero {
      error("A6", at: node, "0.0.0 is no version")
      return nil
    }
    let release = SemanticVersion(read.major, read.minor, read.patch)
    if release > .current { deviation("A6", at: node, "\(read) is newer than \(SemanticVersion.current)") }
    version = read
    return read
  }
}

extension ImageManifest {
  /// Reads an image manifest.
  ///
  /// Throws `malformedJSON` or `limitExceeded` if the bytes are no JSON document within the limits, and
  /// `invalidManifest` with every problem found if they break a rule. Reading changes nothing: `serialized()`
  /// of what was read gives the same bytes.
  public static func read(
    _ bytes: [UInt8], mode: ReadingMode = .tolerant, limits: JSONLimits = .default
  ) throws(SchemaError) -> Reading<ImageManifest> {
    try reading(bytes, mode: mode, limits: limits)
  }

  /// The manifest as a document.
  ///
  /// `preserving` leaves every byte of what was read, but of what has changed since.
  public func serialized(_ style: JSONStyle = .preserving) -> [UInt8] { bytes(style) }

  /// What `read` would say about this manifest once written.
  public func validated(mode: ReadingMode = .strict) throws(SchemaError) -> [Diagnostic] {
    try Self.read(serialized(.compact), mode: mode, limits: .unlimitedBytes).diagnostics
  }

  /// The manifest as one of today's version: `serialized()` writes today's names, over the text it was read
  /// from.
  public func upgraded() -> Self { inCurrentVersion() }
}

extension PodManifest {
  /// Reads a pod manifest; throws as `ImageManifest.read` does.
  public static func read(
    _ bytes: [UInt8], mode: ReadingMode = .tolerant, limits: JSONLimits = .default
  ) throws(SchemaError) -> Reading<PodManifest> {
    try reading(bytes, mode: mode, limits: limits)
  }

  /// The manifest as a document.
  ///
  /// `preserving` leaves every byte of what was read, but of what has changed since.
  public func serialized(_ style: JSONStyle = .preserving) -> [UInt8] { bytes(style) }

  /// What `read` would say about this manifest once written.
  public func validated(mode: ReadingMode = .strict) throws(SchemaError) -> [Diagnostic] {
    try Self.read(serialized(.compact), mode: mode, limits: .unlimitedBytes).diagnostics
  }

  /// The manifest as one of today's version: `serialized()` writes today's names, over the text it was read
  /// from.
  public func upgraded() -> Self { inCurrentVersion() }
}

extension JSONLimits {
  /// For documents we wrote ourselves.
  static let unlimitedBytes = JSONLimits(bytes: .max, depth: maximumDepth, values: .max)
}
