/// What image and pod manifests have in common: a document of a kind, read and written as a whole.
protocol Manifest: SchemaObject, Hashable, Sendable {
  static var kind: ACKind { get }
  var acVersion: SemanticVersion { get set }
  var source: DocumentSource { get set }
}

/// The bytes a manifest was read from.
///
/// They count nothing for equality.
struct DocumentSource: Hashable, Sendable {
  var bytes: [UInt8]?
  /// Whether something of an earlier version was converted, so that writing makes it a document of today.
  var wasUpgraded = false

  static let none = DocumentSource()

  func writtenVersion(_ version: SemanticVersion) -> SemanticVersion {
    wasUpgraded ? max(version, .current) : version
  }

  static func == (left: DocumentSource, right: DocumentSource) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}

extension Manifest {
  static func reading(
    _ bytes: [UInt8], mode: ReadingMode, limits: JSONLimits
  ) throws(SchemaError) -> Reading<Self> {
    let document: JSONValue
    do {
      document = try JSONValue.parse(bytes, limits: limits)
    } catch {
      var error = error
      error.subject = Self.kind.rawValue
      throw error
    }
    var reader = SchemaReader(mode: mode)
    let value = Self(document, &reader)
    guard var value, !reader.hasErrors else {
      var error = reader.failure(Self.kind.rawValue)
      let first = error.diagnostics.first { $0.severity == .error }
      error.position = first?.path.position(in: bytes, root: document)
      throw error
    }
    value.source = DocumentSource(bytes: bytes, wasUpgraded: reader.upgraded)
    return Reading(value: value, diagnostics: reader.diagnostics)
  }

  func bytes(_ style: JSONStyle) -> [UInt8] {
    guard style == .preserving, let bytes = source.bytes else { return json.serialized(style) }
    // A document of an earlier version stays one as long as nothing of it is changed.
    let before = try? Self.reading(bytes, mode: .tolerant, limits: .unlimitedBytes)
    return before?.value == self ? bytes : json.serialized(preserving: bytes)
  }
}

extension SchemaReader {
  /// The error that sums up what was reported: the first problem, where it is, and how many more there are.
  func failure(_ subject: String) -> SchemaError {
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else {
      return SchemaError(.invalidManifest, operation: "read", subject: subject, detail: "it is not valid")
    }
    let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
    return SchemaError(
      .invalidManifest, operation: "read", subject: subject,
      detail: "\(first.path) (\(first.rule)): \(first.message)\(more)", diagnostics: diagnostics)
  }

  /// Reads `acKind` and `acVersion`; the version is nil if something is wrong with one of them.
  mutating func header(
    _ object: JSONObject, _ kind: ACKind, kindRule: String, versionRule: String
  ) -> SemanticVersion? {
    guard let text = requiredString(object, "acKind", kindRule) else { return nil }
    guard text.hasSameBytes(as: kind.rawValue) else {
      at("acKind") { $0.error(kindRule, "must be \"\(kind)\", not \(quoted(text))") }
      return nil
    }
    if kind == .podManifest, mode == .tolerant, optional(object, "acVersion") == nil {
      warn(versionRule, "\"acVersion\" is missing; \(SemanticVersion.current) is assumed")
      return .current
    }
    guard let text = requiredString(object, "acVersion", versionRule) else { return nil }
    return at("acVersion") { $0.version(text) }
  }

  private mutating func version(_ text: String) -> SemanticVersion? {
    let mode = mode
    guard let read = attempt("A6", { () throws(SchemaError) in try SemanticVersion(text, mode: mode) }) else {
      return nil
    }
    if read.isZero {
      error("A6", "0.0.0 is no version")
      return nil
    }
    let release = SemanticVersion(read.major, read.minor, read.patch)
    if release > .current { deviation("A6", "\(read) is newer than \(SemanticVersion.current)") }
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
}

extension JSONLimits {
  /// For documents we wrote ourselves.
  static let unlimitedBytes = JSONLimits(bytes: .max, depth: maximumDepth, values: .max)
}
