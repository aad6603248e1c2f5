public import AppcSchema

/// One thing that validation found.
public struct ValidationFinding: Sendable, CustomStringConvertible {
  /// How bad it is; an error makes the whole invalid.
  public var severity: Diagnostic.Severity
  /// Where: `$.app.user` in a manifest, `rootfs/bin` in an image or a layout, empty for the whole.
  ///
  /// Safe to show.
  public var path: String
  /// The number of the rule, for example "E2"; nil when the specification has none, as for our limits.
  public var rule: String?
  /// What is wrong or noteworthy, in one line.
  ///
  /// Safe to show.
  public var message: String
  /// Where in the manifest's bytes, when that is known.
  public var position: JSONPosition?
  /// The manifest's line around the place and a caret under it, when the position is known.
  public var excerpt: String?

  /// Makes a finding.
  public init(
    _ severity: Diagnostic.Severity, path: String = "", rule: String? = nil, message: String,
    position: JSONPosition? = nil, excerpt: String? = nil
  ) {
    self.severity = severity
    self.path = path
    self.rule = rule
    self.message = message
    self.position = position
    self.excerpt = excerpt
  }

  /// One line: "error: $.app.user (E2): ...".
  public var description: String {
    // Messages about archives name their rules themselves.
    let shownRule = rule.flatMap { message.utf8.contains("(\($0)".utf8) ? nil : $0 }
    let place =
      switch (path.isEmpty, shownRule) {
      case (true, let rule?): "\(rule): "
      case (true, nil): ""
      case (false, let rule?): "\(path) (\(rule)): "
      case (false, nil): "\(path): "
      }
    return "\(severity.rawValue): \(place)\(message)"
  }

  /// The finding as one JSON object, every member of which is always there; null means not known.
  public var json: JSONValue {
    [
      "severity": .string(severity.rawValue),
      "path": .string(path),
      "rule": rule.map(JSONValue.string) ?? .null,
      "message": .string(message),
      "line": position.map { .integer($0.line) } ?? .null,
      "column": position.map { .integer($0.column) } ?? .null,
    ]
  }
}
