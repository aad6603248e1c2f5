public import ACIArchive

/// How images are rendered to a directory of the caller's.
public struct RenderOptions: Sendable {
  /// Whether the directory is to be the root file system itself.
  ///
  /// Otherwise it holds `manifest` and `rootfs`.
  public var rootfsOnly: Bool
  /// Whether a directory that is there is replaced; nothing else ever is.
  public var overwrite: Bool
  /// Who owns the files.
  ///
  /// Nil: root keeps the owners that the images say; for anybody else all files are the caller's.
  public var ownership: ExtractionOptions.Ownership?
  /// What becomes of device nodes.
  public var devices: ExtractionOptions.DevicePolicy
  /// What each image may cost.
  public var limits: ArchiveLimits
  /// Called after each block with what was read so far of all images, which never falls.
  ///
  /// Images are read twice where they meet, and `totalStoredBytes` counts both. What it throws ends the rendering,
  /// which then leaves nothing: the place to look for cancellation.
  public var progress: (@Sendable (ArchiveProgress) throws -> Void)?

  /// Makes options; each left out has its usual value.
  public init(
    rootfsOnly: Bool = false, overwrite: Bool = false, ownership: ExtractionOptions.Ownership? = nil,
    devices: ExtractionOptions.DevicePolicy = .skip, limits: ArchiveLimits = .default,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) {
    self.rootfsOnly = rootfsOnly
    self.overwrite = overwrite
    self.ownership = ownership
    self.devices = devices
    self.limits = limits
    self.progress = progress
  }
}
