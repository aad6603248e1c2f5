public import ACIArchive
public import AppcSchema

/// How to validate.
public struct ValidationOptions: Sendable {
  /// What the file is to be taken for; nil to look.
  public var type: ArtifactType?
  /// How closely the specification must be followed.
  ///
  /// Strict also wants an image's name to end in `.aci` (B1), and one of the compressions of B7.
  public var mode: ReadingMode
  /// What an image and a manifest may cost.
  public var limits: ArchiveLimits

  /// Makes options; each left out has its usual value.
  public init(
    type: ArtifactType? = nil, mode: ReadingMode = .tolerant, limits: ArchiveLimits = .default
  ) {
    self.type = type
    self.mode = mode
    self.limits = limits
  }

  var manifestLimits: JSONLimits { JSONLimits(bytes: limits.manifestBytes) }
}
