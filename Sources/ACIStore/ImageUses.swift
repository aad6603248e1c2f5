import ACIArchive
import AppcSchema

/// The images that may be removed, in the order in which they go.
///
/// An image is used whenever one that depends on it is, so what is needed never goes before what needs it.
struct ImageUses {
  /// An image and when it, or what depends on it, was last used.
  struct Use: Equatable {
    let image: CollectionPlan.Image
    let lastUsedAt: FileTime
  }

  /// The oldest use first; of equal ones, dependents before what they depend on.
  let removable: [Use]

  /// Leaves out `kept` and all that it depends on.
  init(
    _ images: [CollectionPlan.Image], kept: Set<ImageID>, dependencies: @escaping (ImageID) -> [ImageID]
  ) {
    var walk = Walk(images: Dictionary(images.map { ($0.id, $0) }) { first, _ in first }, dependencies)
    for id in kept { _ = walk.finish(id) }
    // The youngest use comes first and takes all that it needs along. What it finishes last depends on what it
    // has finished before, so the reverse is the order of removal.
    var order: [Use] = []
    for image in images.sorted(by: { ($1.lastUsedAt, $1.id) < ($0.lastUsedAt, $0.id) }) {
      order += walk.finish(image.id).map { Use(image: $0, lastUsedAt: image.lastUsedAt) }
    }
    removable = order.reversed()
  }
}

extension ImageUses {
  /// A walk down the dependencies that comes to each image once, whatever cycles there are.
  private struct Walk {
    private struct Step {
      let image: CollectionPlan.Image
      var dependencies: ArraySlice<ImageID>
    }

    private let images: [ImageID: CollectionPlan.Image]
    private let dependencies: (ImageID) -> [ImageID]
    private var seen: Set<ImageID> = []

    init(images: [ImageID: CollectionPlan.Image], _ dependencies: @escaping (ImageID) -> [ImageID]) {
      self.images = images
      self.dependencies = dependencies
    }

    /// What is reached from `top` for the first time, each after all that it depends on.
    mutating func finish(_ top: ImageID) -> [CollectionPlan.Image] {
      var finished: [CollectionPlan.Image] = []
      var way: [Step] = []
      enter(top, &way)
      while let step = way.indices.last {
        if let next = way[step].dependencies.popFirst() {
          enter(next, &way)
        } else {
          finished.append(way.removeLast().image)
        }
      }
      return finished
    }

    private mutating func enter(_ id: ImageID, _ way: inout [Step]) {
      guard let image = images[id], seen.insert(id).inserted else { return }
      way.append(Step(image: image, dependencies: dependencies(id)[...]))
    }
  }
}
