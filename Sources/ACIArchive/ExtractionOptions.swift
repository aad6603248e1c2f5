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
  /// How many threads make files, besides the one that reads; with 1 or less that one does everything.
  ///
  /// Nil for one on each processor. Small images need none whatever this says.
  public var workers: Int?
  /// What of the image is extracted, by paths from its root (`rootfs/etc/passwd`); nil for everything.
  ///
  /// A path stands for itself only: listing a directory does not list what is in it (G5). The manifest and
  /// rootfs are always extracted, and so are the directories above what is listed. A listed hard link has its
  /// content even where the file that it names is not listed. `Archive.extract` heeds this; an ``Extractor``
  /// makes whatever it is given.
  public var whitelist: Set<ArchivePath>?

  /// Creates options.
  public init(
    ownership: Ownership = .archive, devices: DevicePolicy = .skip, attributes: AttributePolicy = .drop,
    workers: Int? = nil, whitelist: Set<ArchivePath>? = nil
  ) {
    self.ownership = ownership
    self.devices = devices
    self.attributes = attributes
    self.workers = workers
    self.whitelist = whitelist
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
  /// Entries that are not on the whitelist.
  public var leftOut = 0

  /// A report of nothing.
  public init() {}

  /// Adds what another part of the same extraction did.
  mutating func add(_ other: ExtractionReport) {
    created += other.created
    writtenBytes += other.writtenBytes
    skippedDevices += other.skippedDevices
    droppedAttributes += other.droppedAttributes
    leftOut += other.leftOut
  }
}
