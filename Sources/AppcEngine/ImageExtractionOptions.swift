public import ACIArchive

/// How an image is extracted to a directory.
public struct ImageExtractionOptions: Sendable {
  /// Whether the directory becomes the root file system itself, without a manifest.
  public var rootfsOnly: Bool
  /// Whether something that is at the destination is replaced, and removed, when the extraction has succeeded.
  public var overwrite: Bool
  /// Whether to compute the image ID, and to hold that of a stored image against the ID it is known by.
  public var verifies: Bool
  /// Who owns what is extracted; nil for the archive's numbers as root and the caller otherwise.
  public var ownership: ExtractionOptions.Ownership?
  /// What becomes of device nodes.
  public var devices: ExtractionOptions.DevicePolicy
  /// What the image may cost.
  public var limits: ArchiveLimits
  /// Called after each block with what was read so far.
  ///
  /// What it throws ends the extraction, which then leaves nothing.
  public var progress: (@Sendable (ArchiveProgress) throws -> Void)?

  /// Makes options; each left out has its usual value.
  public init(
    rootfsOnly: Bool = false, overwrite: Bool = false, verifies: Bool = false,
    ownership: ExtractionOptions.Ownership? = nil, devices: ExtractionOptions.DevicePolicy = .skip,
    limits: ArchiveLimits = .default, progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) {
    self.rootfsOnly = rootfsOnly
    self.overwrite = overwrite
    self.verifies = verifies
    self.ownership = ownership
    self.devices = devices
    self.limits = limits
    self.progress = progress
  }
}
