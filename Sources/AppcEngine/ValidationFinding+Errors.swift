import ACIArchive
import ACIBuild
import AppcSchema
import SystemPackage

extension ValidationFinding {
  /// What the reader of a manifest reported.
  init(_ diagnostic: Diagnostic) {
    self.init(
      diagnostic.severity, path: diagnostic.path.description, rule: diagnostic.rule,
      message: diagnostic.message, position: diagnostic.position, excerpt: diagnostic.excerpt)
  }

  /// Everything that is wrong with a manifest, and the warnings on the way.
  static func findings(of error: SchemaError, in bytes: [UInt8]) -> [ValidationFinding] {
    guard error.diagnostics.isEmpty else { return error.diagnostics.map { ValidationFinding($0) } }
    // The bytes are no JSON, or more than the limits allow.
    let excerpt = error.position.map { JSONExcerpt(of: bytes, at: $0).description }
    return [
      ValidationFinding(
        .error, path: "$", rule: error.code == .malformedJSON ? "D0" : nil, message: error.detail,
        position: error.position, excerpt: excerpt)
    ]
  }

  /// What is wrong with an image, told without its name.
  init(_ error: ArchiveError) {
    let path = Self.rest(of: error.subject, after: "entry ") ?? ""
    let kernel = error.errno.map { ": \($0)" } ?? ""
    let reason = error.cause.map { ": \($0)" } ?? ""
    self.init(.error, path: path, rule: error.rule, message: error.detail + kernel + reason)
  }

  /// What keeps a layout from being built, told without its name.
  init(_ error: BuildError, in directory: FilePath) {
    if let cause = error.cause as? ArchiveError {
      self.init(cause)
      return
    }
    self.init(
      .error, path: Self.rest(of: error.subject, after: directory.shown + "/") ?? "",
      rule: error.code == .badLayout ? "B3" : nil, message: error.detail)
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    guard text.utf8.starts(with: prefix.utf8) else { return nil }
    return String(Substring(text.utf8.dropFirst(prefix.utf8.count)))
  }
}

extension ArchiveError {
  /// The rule that an image breaks, when it is one of the specification's.
  fileprivate var rule: String? {
    switch code {
    case .duplicateEntry: "B2"
    case .invalidLayout: "B3"
    case .invalidName: "B5"
    case .notAnImage: "B7"
    case .encrypted: "B8"
    default: nil
    }
  }

  /// Whether this says nothing of the image, but that it could not be read.
  var isFailure: Bool { code == .io || code == .missingLibrary || code == .stopped }
}

extension BuildError {
  /// Whether this says nothing of the layout, but that it could not be read.
  var isFailure: Bool { code == .system || code == .diskFull || code == .changed }
}
