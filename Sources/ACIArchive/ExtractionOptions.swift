/// How entries become files.
public struct ExtractionOptions: Hashable, Sendable {
  /// Who owns what is extracted.
  public enum Ownership: Hashable, Sendable {
    /// The numbers in the archive; needs CAP_CHOWN. Names in headers are never looked up.
    case archive
    /// Whoever extracts. Setuid and setgid bits are dropped, for they would now speak of somebody else.
    case caller
    /// The numbers in the archive, 0 ..< `count`, added to a base: for user namespaces. Others are refused.
    case shifted(uid: UInt32, gid: UInt32, count: UInt32)
  }

  /// What becomes of device nodes.
  public enum DevicePolicy: Hashable, Sendable {
    /// They are left out, and counted.
    case skip
    /// The image is refused.
    case refuse
    /// They are made; needs CAP_MKNOD.
    case create
  }

  /// What becomes of extended attributes other than `user.*` (without `user.overlay.*`) and
  /// `security.capability`, which are kept: the others steer overlayfs, security modules or the kernel.
  public enum AttributePolicy: Hashable, Sendable {
    /// Left out, and counted.
    case drop
    /// The image is refused.
    case refuse
    /// No extended attribute is set at all, not even the harmless ones.
    case none
  }

  /// Who owns what is extracted; by default the numbers in the archive.
  public var ownership: Ownership
  /// What becomes of device nodes; by default they are left out.
  public var devices: DevicePolicy
  /// What becomes of unusual extended attributes; by default they are left out.
  public var attributes: AttributePolicy

  /// Creates options.
  public init(
    ownership: Ownership = .archive, devices: DevicePolicy = .skip, attributes: AttributePolicy = .drop
  ) {
    self.ownership = ownership
    self.devices = devices
    self.attributes = attributes
  }
}

/// What an extraction did.
public struct ExtractionReport: Hashable, Sendable {
  /// Entries that became files, directories or links.
  public var created = 0
  /// Bytes of content written, holes not counted.
  public var writtenBytes: Int64 = 0
  /// Device nodes that were left out.
  public var skippedDevices = 0
  /// Extended attributes that were left out.
  public var droppedAttributes = 0

  /// A report of nothing.
  public init() {}
}
