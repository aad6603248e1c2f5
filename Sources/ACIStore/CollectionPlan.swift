import ACIArchive
public import AppcSchema

/// What a collection may remove.
public struct CollectionOptions: Sendable {
  /// Images that were not used for longer than this are removed; nil keeps all.
  public var imageGrace: Duration?
  /// Trees that were not leased for longer than this, and are not leased or pinned now, are removed; nil keeps all.
  public var treeGrace: Duration?
  /// Images that stay whatever their age, with all that they depend on.
  public var keep: Set<ImageID>
  /// Whether a prepared pod needs a tree.
  ///
  /// Asked while the tree is locked, so that no lease can be taken meanwhile.
  public var isPinned: @Sendable (TreeID) -> Bool

  /// Makes options; by default images go after 24 hours, trees as soon as nobody holds them.
  public init(
    imageGrace: Duration? = .seconds(86400), treeGrace: Duration? = .zero, keep: Set<ImageID> = [],
    isPinned: @escaping @Sendable (TreeID) -> Bool = { _ in false }
  ) {
    self.imageGrace = imageGrace
    self.treeGrace = treeGrace
    self.keep = keep
    self.isPinned = isPinned
  }
}

/// What a collection removed.
public struct CollectionReport: Sendable, Equatable {
  /// Images removed.
  public internal(set) var images: [ImageID] = []
  /// Trees removed.
  public internal(set) var trees: [TreeID] = []
  /// Directories of operations that were cut short.
  public internal(set) var leftovers = 0
  /// Bytes of the images and trees removed.
  public internal(set) var freedBytes: Int64 = 0
  /// What was due but could not be removed, in words.
  public internal(set) var problems: [String] = []
}

/// Which images a collection removes: a decision about values.
struct CollectionPlan: Equatable {
  /// Due for removal, oldest use first.
  let images: [ImageID]

  /// Decides at the time `now`.
  ///
  /// `dependencies` gives what an image needs, as far as the store has it.
  init(
    _ records: [ImageRecord], now: FileTime, options: CollectionOptions,
    dependencies: (ImageID) -> [ImageID]
  ) {
    guard let grace = options.imageGrace else {
      images = []
      return
    }
    let limit = now.seconds.subtractingReportingOverflow(grace.components.seconds).partialValue
    let old = records.filter { $0.lastUsedAt.seconds <= limit && !options.keep.contains($0.id) }
    guard !old.isEmpty else {
      images = []
      return
    }
    var needed = Set(records.map(\.id)).subtracting(old.map(\.id))
    var pending = Array(needed)
    while let id = pending.popLast() {
      pending += dependencies(id).filter { needed.insert($0).inserted }
    }
    images = old.filter { !needed.contains($0.id) }
      .sorted { ($0.lastUsedAt, $0.id) < ($1.lastUsedAt, $1.id) }.map(\.id)
  }
}
