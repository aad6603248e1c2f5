public import AppcSchema

/// What validation found about one file.
public struct ValidationReport: Sendable, CustomStringConvertible {
  /// The file as it was named; foreign text.
  public var file: String
  /// What it was taken for.
  public var type: ArtifactType
  /// The kind of its manifest, when that could be told.
  public var kind: ACKind?
  /// The image's ID, or that of the image that a layout makes; nil for manifests and for what is not valid.
  public var imageID: ImageID?
  /// The manifest, when it is one of an image and could be read.
  public var imageManifest: ImageManifest?
  /// The manifest, when it is one of a pod and could be read.
  public var podManifest: PodManifest?
  /// Everything that was found, notes and warnings too.
  public var findings: [ValidationFinding] = []

  /// Whether nothing found is an error.
  public var isValid: Bool { findings.allSatisfy { $0.severity < .error } }

  /// Starts a report about a file of which nothing is known yet.
  public init(file: String, type: ArtifactType) {
    self.file = file
    self.type = type
  }

  /// The version of the specification that the manifest names.
  public var acVersion: SemanticVersion? { imageManifest?.acVersion ?? podManifest?.acVersion }
  /// The image's name; nil for pods and when the manifest could not be read.
  public var name: ACIdentifier? { imageManifest?.name }
  /// The image's label `version`; foreign text.
  public var version: String? { imageManifest?.labels["version"] }

  /// Adds what keeps a pod from being run as it stands (L15); does nothing to a report about anything else.
  ///
  /// - Parameter image: the manifest of an app's image, nil when it is not at hand; then a note says so.
  public mutating func checkReification(image: (RuntimeApp) -> ImageManifest?) {
    findings += podManifest?.reificationProblems(image: image).map { ValidationFinding($0) } ?? []
  }
}

extension ValidationReport {
  /// One line: "app.aci: valid image example.com/app:1.0 sha512-...", or how many errors there are.
  public var description: String {
    let subject = "\(printable(file.utf8)): \(isValid ? "valid" : "invalid") \(typeText)"
    guard isValid else {
      let count = findings.count { $0.severity == .error }
      return "\(subject), \(count) error\(count == 1 ? "" : "s")"
    }
    let title = name.map { "\($0)" + (version.map { ":\(printable($0.utf8))" } ?? "") }
    return [subject, title, imageID?.description].compactMap { $0 }.joined(separator: " ")
  }

  private var typeText: String {
    switch (type, kind) {
    case (.manifest, .imageManifest): "image manifest"
    case (.manifest, .podManifest): "pod manifest"
    default: type.rawValue
    }
  }

  /// A finding as compilers print theirs: "app.json:3:14: error: $.app.user (E2): ..."; the place is that in the
  /// file, or in the manifest inside of it.
  public func line(_ finding: ValidationFinding) -> String {
    let shown = printable(file.utf8)
    guard let position = finding.position else { return "\(shown): \(finding)" }
    let manifest =
      switch type {
      case .manifest: shown
      case .layout: "\(shown)/manifest"
      case .image: "\(shown): manifest"
      }
    return "\(manifest):\(position.line):\(position.column): \(finding)"
  }

  /// The report as one JSON object, every member of which is always there; null means not known.
  public var json: JSONValue {
    [
      "file": .string(file),
      "type": .string(type.rawValue),
      "valid": .bool(isValid),
      "kind": kind.map { .string($0.rawValue) } ?? .null,
      "acVersion": acVersion.map { .string($0.description) } ?? .null,
      "name": name.map { .string($0.description) } ?? .null,
      "version": version.map(JSONValue.string) ?? .null,
      "imageID": imageID.map { .string($0.description) } ?? .null,
      "diagnostics": .array(findings.map(\.json)),
      "error": .null,
    ]
  }

  /// The object, of the same members, for a file that could not be read: its validity is not known.
  public static func json(ofUnreadable file: String, _ error: EngineError) -> JSONValue {
    [
      "file": .string(file), "type": .null, "valid": .null, "kind": .null, "acVersion": .null, "name": .null,
      "version": .null, "imageID": .null, "diagnostics": [], "error": .string(error.description),
    ]
  }
}
