/// Goes through a document from the root down: knows where it is, how strict to be, and what was found so
/// far.
struct SchemaReader {
  let mode: ReadingMode
  /// The version the document says it follows; decides about conversions that would be ambiguous otherwise.
  var version = SemanticVersion.current
  /// Whether something of an earlier version was converted.
  var upgraded = false
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var hasErrors = false
  private var path: [JSONPath.Component] = []

  /// What is kept of a hostile document's diagnostics; the errors after these say nothing new.
  private static let diagnosticLimit = 200

  init(mode: ReadingMode) {
    self.mode = mode
  }

  mutating func report(_ severity: Diagnostic.Severity, _ rule: String, _ message: @autoclosure () -> String)
  {
    // The first error must not drown in warnings.
    let isFirstError = severity == .error && !hasErrors
    if severity == .error { hasErrors = true }
    guard diagnostics.count < Self.diagnosticLimit || isFirstError else { return }
    diagnostics.append(
      Diagnostic(severity, path: JSONPath(components: path), rule: rule, message: message()))
  }

  mutating func error(_ rule: String, _ message: @autoclosure () -> String) {
    report(.error, rule, message())
  }

  mutating func warn(_ rule: String, _ message: @autoclosure () -> String) {
    report(.warning, rule, message())
  }

  /// What the specification forbids and the reference implementation accepts: an error when strict, else a
  /// warning.
  mutating func deviation(_ rule: String, _ message: @autoclosure () -> String) {
    report(mode == .strict ? .error : .warning, rule, message())
  }

  /// Something of an earlier version that is read as what it has become: tolerated with a warning.
  mutating func upgrade(_ message: @autoclosure () -> String) {
    upgraded = true
    report(mode == .strict ? .error : .warning, "V", message())
  }

  mutating func at<Result>(_ key: String, _ body: (inout SchemaReader) -> Result) -> Result {
    path.append(.key(JSONPath.ByteText(key)))
    defer { path.removeLast() }
    return body(&self)
  }

  mutating func at<Result>(_ index: Int, _ body: (inout SchemaReader) -> Result) -> Result {
    path.append(.index(index))
    defer { path.removeLast() }
    return body(&self)
  }

  /// Runs `parse`, turning what it throws into an error here.
  mutating func attempt<Result>(_ rule: String, _ parse: () throws(SchemaError) -> Result) -> Result? {
    do {
      return try parse()
    } catch {
      report(.error, rule, "\(error.subject): \(error.detail)")
      return nil
    }
  }
}
