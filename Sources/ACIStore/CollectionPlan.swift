import ACIArchive
import AppcSchema

/// Which trees and images a collection removes: a decision about values.
struct CollectionPlan: Equatable {
  /// An image as far as the decision goes.
  struct Image: Equatable {
    let id: ImageID
    let lastUsedAt: FileTime
    /// The disk space of its blob.
    let bytes: Int64
  }

  /// A tree as far as the decision goes.
  struct Tree: Equatable {
    let id: TreeID
    let lastUsedAt: FileTime
    let bytes: Int64
    /// What it was made of.
    let images: [ImageID]
    /// Whether it is leased or pinned.
    let isHeld: Bool
  }

  /// What there is.
  struct Contents {
    var images: [Image] = []
    var trees: [Tree] = []

    var bytes: Int64 { images.reduce(0) { $0 + $1.bytes } + trees.reduce(0) { $0 + $1.bytes } }
  }

  /// Trees that are due, the oldest use first.
  private(set) var trees: [Tree]
  /// Images that are due, the oldest use first, and each before all that it depends on.
  private(set) var images: [Image]
  /// The disk space of the images and trees that are left when all of that is gone.
  private(set) var remainingBytes: Int64

  /// Decides at the time `now`.
  ///
  /// `dependencies` gives what an image needs, as far as the store has it; it is not asked when nothing is due.
  init(
    _ contents: Contents, now: FileTime, options: CollectionOptions,
    dependencies: @escaping (ImageID) -> [ImageID]
  ) {
    let age = Age(now)
    let loose = contents.trees.filter { !$0.isHeld }.sorted {
      ($0.lastUsedAt, $0.id) < ($1.lastUsedAt, $1.id)
    }
    let oldTrees = loose.prefix { age.exceeds(options.treeGrace, $0.lastUsedAt) }
    trees = Array(oldTrees)
    images = []
    remainingBytes = contents.bytes - oldTrees.reduce(0) { $0 + $1.bytes }
    let limit = options.maxBytes ?? .max
    guard
      remainingBytes > limit
        || contents.images.contains(where: { age.exceeds(options.imageGrace, $0.lastUsedAt) })
    else { return }
    let held = contents.trees.filter(\.isHeld).flatMap(\.images)
    let uses = ImageUses(contents.images, kept: options.keep.union(held), dependencies: dependencies)
      .removable
    let oldImages = uses.prefix { age.exceeds(options.imageGrace, $0.lastUsedAt) }
    for use in oldImages { take(use.image) }
    take(loose[oldTrees.endIndex...], uses[oldImages.endIndex...], downTo: limit)
  }

  /// Takes trees and images, the oldest use first, until no more than `limit` is left.
  private mutating func take(
    _ trees: ArraySlice<Tree>, _ images: ArraySlice<ImageUses.Use>, downTo limit: Int64
  ) {
    var trees = trees
    var images = images
    while remainingBytes > limit {
      // A tree can be rendered again, so it goes first of two.
      if let tree = trees.first, images.first.map({ tree.lastUsedAt <= $0.lastUsedAt }) ?? true {
        trees.removeFirst()
        self.trees.append(tree)
        remainingBytes -= tree.bytes
      } else if let use = images.popFirst() {
        take(use.image)
      } else {
        return
      }
    }
  }

  private mutating func take(_ image: Image) {
    images.append(image)
    remainingBytes -= image.bytes
  }
}

extension CollectionPlan {
  /// How long ago something was.
  struct Age {
    private let now: FileTime

    init(_ now: FileTime) {
      self.now = now
    }

    /// Whether `grace` has passed since `time`; never where there is none.
    func exceeds(_ grace: Duration?, _ time: FileTime) -> Bool {
      guard let grace else { return false }
      let limit = now.seconds.subtractingReportingOverflow(grace.components.seconds)
      return !limit.overflow && time.seconds <= limit.partialValue
    }
  }
}

extension CollectionPlan: CustomStringConvertible {
  /// One line for each thing that goes, in order, and one for what is left.
  var description: String {
    let lines =
      trees.map { "\($0.id): \($0.bytes) bytes" } + images.map { "\($0.id.short): \($0.bytes) bytes" }
    return (lines + ["left: \(remainingBytes) bytes"]).joined(separator: "\n")
  }
}
