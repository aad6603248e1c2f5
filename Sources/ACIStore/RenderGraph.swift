import AppcSchema

/// An image and everything it depends on, loaded and checked: no cycles, bounded depth and size.
struct RenderGraph: Sendable {
  /// What rendering asks of one image.
  struct Node: Sendable {
    let id: ImageID
    /// What messages call it.
    let name: String
    /// The images it depends on, in the order of its manifest (G1).
    let dependencies: [ImageID]
    let whitelist: PathWhitelist?
  }

  /// How large a graph may be before it is refused.
  struct Limits: Sendable {
    /// Images on the longest way down.
    var depth = 128
    /// Different images.
    var images = 1024
    /// Places at which images apply, after equal ones were merged.
    var applications = 4096
    /// Paths in the whitelists of all places together: a few long lists on many ways would fill the memory.
    var listedPaths = 4 << 20
  }

  let top: ImageID
  let nodes: [ImageID: Node]
  let limits: Limits

  /// Loads the graph below `top`.
  ///
  /// Each image is loaded once however many ways lead to it, and no recursion follows the graph's depth.
  static func load(
    _ top: ImageID, limits: Limits = Limits(), node: (ImageID) throws(StoreError) -> Node
  ) throws(StoreError) -> RenderGraph {
    var walk = Walk(limits: limits)
    try walk.enter(try node(top))
    while let next = walk.nextDependency() {
      if let index = walk.way.firstIndex(where: { $0.node.id == next }) { throw walk.cycle(from: index) }
      if let depth = walk.depths[next] {
        try walk.noteDepth(below: depth)
      } else {
        try walk.enter(try node(next))
      }
    }
    return RenderGraph(top: top, nodes: walk.nodes, limits: limits)
  }
}

extension RenderGraph {
  /// The walk down: `way` leads from the top to the image whose dependencies are being looked at.
  private struct Walk {
    struct Step {
      let node: Node
      var next = 0
      /// Images on the longest way that starts here, this one included.
      var depth = 1
    }

    let limits: Limits
    var nodes: [ImageID: Node] = [:]
    /// Depths of the images that are done.
    var depths: [ImageID: Int] = [:]
    var way: [Step] = []

    mutating func enter(_ node: Node) throws(StoreError) {
      guard nodes.count < limits.images else {
        throw refusal("it depends on more than \(limits.images) images")
      }
      guard way.count < limits.depth else { throw tooDeep() }
      nodes[node.id] = node
      way.append(Step(node: node))
    }

    /// The next dependency to look at, going back up from images that are done; nil at the end.
    mutating func nextDependency() -> ImageID? {
      while let step = way.last {
        if step.next < step.node.dependencies.count {
          way[way.count - 1].next += 1
          return step.node.dependencies[step.next]
        }
        way.removeLast()
        depths[step.node.id] = step.depth
        if let parent = way.indices.last { way[parent].depth = max(way[parent].depth, step.depth + 1) }
      }
      return nil
    }

    /// The image that the way has reached also stands on one that is done, `depth` images deep.
    mutating func noteDepth(below depth: Int) throws(StoreError) {
      guard way.count + depth <= limits.depth else { throw tooDeep() }
      if let last = way.indices.last { way[last].depth = max(way[last].depth, depth + 1) }
    }

    func cycle(from index: Int) -> StoreError {
      let names = way[index...].map(\.node.name)
      let cycle = (names + names.prefix(1)).joined(separator: " -> ")
      return refusal("its dependencies form a cycle: \(cycle)")
    }

    private func tooDeep() -> StoreError {
      refusal("its dependencies are more than \(limits.depth) images deep")
    }

    private func refusal(_ detail: String) -> StoreError {
      StoreError(
        .dependency, operation: "render", subject: way.first?.node.name ?? "image", detail: detail)
    }
  }
}

extension RenderGraph {
  /// An image at one of its places in the order of rendering.
  struct Application: Hashable, Sendable {
    let image: ImageID
    /// What the lists of the image and of all images above it on the way to this place allow (G4).
    let whitelist: PathWhitelist?
  }

  /// The images in the order of rendering reversed: what comes first wins (G2).
  ///
  /// Applying the same image with the same list twice is the same as applying it at its later place only: the
  /// later application puts back all of the image and removes all that it removes. So each is listed once, and
  /// images that are reached in 2^28 ways cost no more than their edges.
  func applications() throws(StoreError) -> [Application] {
    var order: [Application] = []
    var seen: Set<Application> = []
    var pending = [Application(image: top, whitelist: nil)]
    var listedPaths = 0
    while let place = pending.popLast() {
      guard let node = nodes[place.image] else { continue }
      let here = Application(
        image: place.image, whitelist: .intersection(place.whitelist, node.whitelist))
      guard seen.insert(here).inserted else { continue }
      listedPaths += here.whitelist?.paths.count ?? 0
      guard order.count < limits.applications, listedPaths <= limits.listedPaths else {
        throw StoreError(
          .dependency, operation: "render", subject: nodes[top]?.name ?? top.short,
          detail: "its dependencies apply at more than \(limits.applications) places, or at places where"
            + " whitelists have more than \(limits.listedPaths) paths together")
      }
      order.append(here)
      // The last dependency is on top of the others, so it is taken from the stack first.
      pending += node.dependencies.map { Application(image: $0, whitelist: here.whitelist) }
    }
    return order
  }
}
