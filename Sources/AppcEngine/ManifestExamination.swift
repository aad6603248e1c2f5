import AppcSchema

/// What a manifest's bytes are found to be: its kind, its value if it can be read, and everything noticed.
struct ManifestExamination {
  private(set) var kind: ACKind?
  private(set) var image: ImageManifest?
  private(set) var pod: PodManifest?
  private(set) var findings: [ValidationFinding] = []

  /// Reads a manifest of the kind that is expected, or of the kind that it says it is.
  init(_ bytes: [UInt8], expecting expected: ACKind? = nil, mode: ReadingMode, limits: JSONLimits) {
    do throws(SchemaError) {
      let kind = if let expected { expected } else { try Self.kind(of: bytes, limits: limits) }
      self.kind = kind
      switch kind {
      case .imageManifest:
        let reading = try ImageManifest.read(bytes, mode: mode, limits: limits)
        image = reading.value
        findings = reading.diagnostics.map { ValidationFinding($0) }
      case .podManifest:
        let reading = try PodManifest.read(bytes, mode: mode, limits: limits)
        pod = reading.value
        findings = reading.diagnostics.map { ValidationFinding($0) }
      }
    } catch {
      findings = ValidationFinding.findings(of: error, in: bytes)
    }
  }

  /// The kind that a document says it is (A5).
  static func kind(of bytes: [UInt8], limits: JSONLimits = .default) throws(SchemaError) -> ACKind {
    let header = try ManifestHeader.read(bytes, limits: limits)
    if let kind = header.kind { return kind }
    do throws(SchemaError) {
      guard !header.kindText.utf8.isEmpty else { throw kindError("it is missing or not a string") }
      return try ACKind(header.kindText)
    } catch {
      throw error.code == .invalidManifest ? error : kindError("\(error.subject): \(error.detail)")
    }
  }

  private static func kindError(_ detail: String) -> SchemaError {
    let diagnostic = Diagnostic(
      .error, path: JSONPath(components: [.key("acKind")]), rule: "A5", message: detail)
    return SchemaError(
      .invalidManifest, operation: "read", subject: "manifest", detail: "\(diagnostic.path) (A5): \(detail)",
      diagnostics: [diagnostic])
  }
}
