/// Where the mounts of an app go: a tree of the parts of their paths, so that a new one is compared with all
/// others in one walk.
struct MountTargets {
  /// What a target has to do with those before it; the text is the path of the first that concerns it.
  enum Relation: Equatable {
    case apart
    case same(String)
    /// One is inside the other.
    case overlapping(String)
  }

  private struct Step: Hashable {
    let parent: Int
    let name: ByteKey
  }

  /// The root is 0.
  private var nodes: [Step: Int] = [:]
  /// The target that ends at a node.
  private var ends: [Int: String] = [:]
  /// The first target that goes on below a node.
  private var passing: [Int: String] = [:]

  /// Adds a target.
  mutating func insert(_ path: String) -> Relation {
    var node = 0
    var around: String?
    for part in Self.parts(of: path) {
      around = around ?? ends[node]
      if passing[node] == nil { passing[node] = path }
      let step = Step(parent: node, name: ByteKey(part))
      node = nodes[step] ?? nodes.count + 1
      nodes[step] = node
    }
    if let same = ends[node] { return .same(same) }
    ends[node] = path
    return (around ?? passing[node]).map(Relation.overlapping) ?? .apart
  }

  /// Whether a target is the same directory as this path.
  func contains(_ path: String) -> Bool {
    var node = 0
    for part in Self.parts(of: path) {
      guard let next = nodes[Step(parent: node, name: ByteKey(part))] else { return false }
      node = next
    }
    return ends[node] != nil
  }

  /// The parts of a path, without empty ones and ".".
  private static func parts(of path: String) -> some Sequence<String> {
    path.utf8.split(separator: ASCII.slash).lazy.filter { !$0.elementsEqual(".".utf8) }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
