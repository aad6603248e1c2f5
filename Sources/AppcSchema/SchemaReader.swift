/// Goes through a document: knows how strict to be, and what was found so far.
struct SchemaReader {
  let mode: ReadingMode
  let document: JSONDocument
  let bytes: [UInt8]
  let tokens: [JSONToken]
  /// The version the document says it follows; decides about conversions that would be ambiguous otherwise.
  var version = SemanticVersion.current
  /// Whether something of an earlier version was converted.
  var upgraded = false
  private(set) var hasErrors = false
  private var findings: [Finding] = []

  /// Something to report: a diagnostic that does not know its path and position yet.
  private struct Finding {
    var severity: Diagnostic.Severity
    var place: JSONNode
    /// The member of the object at `place` that is missing.
    var missing: StaticString?
    var rule: String
    var message: String
  }

  /// What is kept of a hostile document's diagnostics; the errors after these say nothing new.
  private static let findingLimit = 200

  init(_ document: JSONDocument, mode: ReadingMode) {
    self.mode = mode
    self.document = document
    bytes = document.bytes
    tokens = document.tokens
  }

  mutating func report(
    _ severity: Diagnostic.Severity, _ rule: String, at place: JSONNode, missing: StaticString? = nil,
    _ message: @autoclosure () -> String
  ) {
    // The first error must not drown in warnings.
    let isFirstError = severity == .error && !hasErrors
    if severity == .error { hasErrors = true }
    guard findings.count < Self.findingLimit || isFirstError else { return }
    findings.append(
      Finding(severity: severity, place: place, missing: missing, rule: rule, message: message()))
  }

  mutating func error(_ rule: String, at place: JSONNode, _ message: @autoclosure () -> String) {
    report(.error, rule, at: place, message())
  }

  mutating func warn(_ rule: String, at place: JSONNode, _ message: @autoclosure () -> String) {
    report(.warning, rule, at: place, message())
  }

  /// What the specification forbids and the reference implementation accepts: an error when strict, else a
  /// warning.
  mutating func deviation(
    _ rule: String, at place: JSONNode, missing: StaticString? = nil, _ message: @autoclosure () -> String
  ) {
    report(mode == .strict ? .error : .warning, rule, at: place, missing: missing, message())
  }

  /// Something of an earlier version that is read as what it has become: tolerated with a warning.
  mutating func upgrade(at place: JSONNode, _ message: @autoclosure () -> String) {
    upgraded = true
    report(mode == .strict ? .error : .warning, "V", at: place, message())
  }

  /// Runs `parse`, turning what it throws into an error at `place`.
  mutating func attempt<Result>(
    _ rule: String, at place: JSONNode, _ parse: () throws(SchemaError) -> Result
  ) -> Result? {
    do {
      return try parse()
    } catch {
      report(.error, rule, at: place, "\(error.subject): \(error.detail)")
      return nil
    }
  }
}

extension SchemaReader {
  /// What was found, in the order of the reading, each with its path, its position and an excerpt.
  func diagnostics() -> [Diagnostic] {
    let positions = positions()
    return findings.map { finding in
      var path = document.path(to: finding.place.index)
      if let key = finding.missing { path.components.append(.key(JSONPath.ByteText("\(key)"))) }
      let position = positions[finding.place.index]
      return Diagnostic(
        finding.severity, path: path, rule: finding.rule, message: finding.message, position: position,
        excerpt: position.map { JSONExcerpt(of: bytes, at: $0).description })
    }
  }

  /// Where the findings are, by token.
  ///
  /// Found in one pass through the document, in whatever order the reading came across them.
  private func positions() -> [Int: JSONPosition] {
    var positions: [Int: JSONPosition] = [:]
    var last = JSONPosition(offset: 0, line: 1, column: 1)
    for index in Set(findings.map(\.place.index)).sorted() {
      last = last.advanced(to: Int(tokens[index].start), in: bytes.span)
      positions[index] = last
    }
    return positions
  }

  /// The error that sums up what was found: the first problem, where it is, and how many more there are.
  func failure(_ subject: String) -> SchemaError {
    let diagnostics = diagnostics()
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else {
      return SchemaError(.invalidManifest, operation: "read", subject: subject, detail: "it is not valid")
    }
    let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
    return SchemaError(
      .invalidManifest, operation: "read", subject: subject,
      detail: "\(first.path) (\(first.rule)): \(first.message)\(more)", position: first.position,
      diagnostics: diagnostics)
  }
}
