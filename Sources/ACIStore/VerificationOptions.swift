public import ACIArchive
public import AppcSchema

/// What a verification looks at, and what it may do.
public struct VerificationOptions: Sendable {
  /// The images to check; nil checks all of them, and what belongs to no image.
  public var images: [ImageID]?
  /// Whether rendered trees are checked: those of `images`, or all.
  public var trees: Bool
  /// Whether damage is dealt with: bad blobs put aside, bad trees removed and rendered anew, records rewritten.
  ///
  /// Otherwise it is only reported, and nothing in the store changes.
  public var repairs: Bool
  /// What an image may cost; one beyond this is reported as unreadable, not as damaged.
  public var limits: ArchiveLimits
  /// Whether a prepared pod needs a tree, which then stays where it is even if it is damaged.
  ///
  /// Asked while the tree is locked, so that no lease can be taken meanwhile.
  public var isPinned: @Sendable (TreeID) -> Bool
  /// Called at least every megabyte, with what is being looked at and how far that has got.
  ///
  /// What it throws ends the verification: the place to look for cancellation.
  public var progress: (@Sendable (VerificationProgress) throws -> Void)?

  /// Makes options; by default everything is checked and damage dealt with.
  public init(
    images: [ImageID]? = nil, trees: Bool = true, repairs: Bool = true, limits: ArchiveLimits = .default,
    isPinned: @escaping @Sendable (TreeID) -> Bool = { _ in false },
    progress: (@Sendable (VerificationProgress) throws -> Void)? = nil
  ) {
    self.images = images
    self.trees = trees
    self.repairs = repairs
    self.limits = limits
    self.isPinned = isPinned
    self.progress = progress
  }
}

/// How far a verification has got.
public struct VerificationProgress: Hashable, Sendable {
  /// What is being looked at.
  public var subject: VerificationFinding.Subject
  /// Bytes of blobs and trees read so far.
  public var checkedBytes: Int64
  /// Bytes of all that is to be read, as far as their records tell.
  public var totalBytes: Int64
}
