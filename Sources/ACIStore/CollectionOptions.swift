public import AppcSchema

/// What a collection may remove.
///
/// Ages are counted from the last use and told by the clock of the day; a use that lies in the future, because
/// the clock was wrong, counts as one of now.
public struct CollectionOptions: Sendable {
  /// Images that were not used for longer than this are removed; nil keeps all.
  ///
  /// An image is used whenever one that depends on it is.
  public var imageGrace: Duration?
  /// Trees that were not leased for longer than this, and are not leased or pinned now, are removed; nil keeps all.
  public var treeGrace: Duration?
  /// Images that stay whatever their age and size, with all that they depend on.
  ///
  /// So do the images that a leased or pinned tree was made of.
  public var keep: Set<ImageID>
  /// The disk space that images and trees may take together, in bytes; nil for no limit.
  ///
  /// Trees that nobody holds and images that need not be kept are removed, the least recently used first and
  /// whatever their age, until images and trees take no more. What removing them cannot free does not count: running
  /// operations, quarantined blobs, and the small files beside images.
  public var maxBytes: Int64?
  /// Blobs that were quarantined longer ago than this are removed; nil keeps all.
  public var quarantineGrace: Duration?
  /// Whether only to say what would be removed.
  public var dryRun: Bool
  /// Whether a prepared pod needs a tree.
  ///
  /// Asked while the tree is locked, so that no lease can be taken meanwhile.
  public var isPinned: @Sendable (TreeID) -> Bool

  /// Makes options; by default images go after 24 hours, trees as soon as nobody holds them.
  public init(
    imageGrace: Duration? = .seconds(86400), treeGrace: Duration? = .zero, keep: Set<ImageID> = [],
    maxBytes: Int64? = nil, quarantineGrace: Duration? = nil, dryRun: Bool = false,
    isPinned: @escaping @Sendable (TreeID) -> Bool = { _ in false }
  ) {
    self.imageGrace = imageGrace
    self.treeGrace = treeGrace
    self.keep = keep
    self.maxBytes = maxBytes
    self.quarantineGrace = quarantineGrace
    self.dryRun = dryRun
    self.isPinned = isPinned
  }
}
