import ACIArchive
import AppcSchema
import Testing

@testable import ACIStore

@Suite("A plan of what to collect")
struct CollectionPlanTests {
  private static let now = FileTime(seconds: 1_000_000)

  @Test("images go by the age of their last use, the oldest first")
  func age() {
    let contents = Self.contents([("a", 900_000), ("b", 800_000), ("c", 999_999)])
    #expect(Self.plan(contents, .init(imageGrace: .seconds(50_000))) == ["b", "a"])
    #expect(Self.plan(contents, .init(imageGrace: .seconds(100_000))) == ["b", "a"])
    #expect(Self.plan(contents, .init(imageGrace: .seconds(100_001))) == ["b"])
    #expect(Self.plan(contents, .init(imageGrace: nil)) == [])
    #expect(Self.plan(contents, .init(imageGrace: .zero)) == ["b", "a", "c"])
  }

  @Test("an image is as young as the youngest that depends on it, however far above")
  func dependencies() {
    let contents = Self.contents([("base", 1), ("middle", 2), ("top", 999_999), ("old", 3)])
    let edges = ["top": ["middle"], "middle": ["base"]]
    #expect(Self.plan(contents, .init(), edges) == ["old"])
  }

  @Test("what is kept, and what a held tree was made of, stays with all that it depends on")
  func kept() {
    var contents = Self.contents([("base", 1), ("kept", 2), ("other", 3), ("leased", 4), ("under", 5)])
    contents.trees = [Self.tree("1", 1, images: ["leased"], isHeld: true)]
    let edges = ["kept": ["base"], "leased": ["under"]]
    #expect(Self.plan(contents, .init(keep: [Self.id("kept")]), edges) == ["other"])
    let tight = CollectionOptions(imageGrace: nil, keep: [Self.id("kept")], maxBytes: 0)
    #expect(Self.plan(contents, tight, edges) == ["other"])
  }

  @Test("a tree that nobody holds keeps no image")
  func looseTree() {
    var contents = Self.contents([("a", 1)])
    contents.trees = [Self.tree("1", 999_999, images: ["a"], isHeld: false)]
    #expect(Self.plan(contents, .init(treeGrace: nil)) == ["a"])
  }

  @Test("images that need each other, and chains of any length, end", .timeLimit(.minutes(1)))
  func cycles() {
    let cycle = Self.contents([("a", 1), ("b", 2)])
    #expect(Set(Self.plan(cycle, .init(), ["a": ["b"], "b": ["a", "b"]])) == ["a", "b"])
    let chain = (0..<20_000).map { "\($0)" }
    let edges = Dictionary(zip(chain, chain.dropFirst().map { [$0] })) { first, _ in first }
    #expect(Self.plan(Self.contents(chain.map { ($0, 1) }), .init(), edges).count == chain.count)
  }

  @Test("by size, the least recently used go first, and no more than must")
  func size() {
    // 100 bytes each.
    let contents = Self.contents([("a", 999_990), ("b", 999_980), ("c", 999_999), ("d", 999_985)])
    #expect(Self.plan(contents, .init(maxBytes: 400)) == [])
    #expect(Self.plan(contents, .init(maxBytes: 399)) == ["b"])
    #expect(Self.plan(contents, .init(maxBytes: 150)) == ["b", "d", "a"])
    #expect(Self.plan(contents, .init(maxBytes: 0)) == ["b", "d", "a", "c"])
  }

  @Test("by size, an image goes before what it depends on, though that is older")
  func sizeOrder() {
    let contents = Self.contents([("base", 1), ("top", 999_990), ("young", 999_999)])
    let edges = ["top": ["base"]]
    #expect(Self.plan(contents, .init(imageGrace: nil, maxBytes: 200), edges) == ["top"])
    #expect(Self.plan(contents, .init(imageGrace: nil, maxBytes: 100), edges) == ["top", "base"])
    let equal = Self.contents([("base", 7), ("top", 7), ("second", 7)])
    let plan = Self.plan(equal, .init(imageGrace: nil, maxBytes: 0), ["top": ["base"], "second": ["base"]])
    #expect(plan.last == "base" && plan.count == 3)
  }

  @Test("by size, trees that nobody holds go among the images by their last use, and held ones count")
  func sizeOfAll() {
    var contents = Self.contents([("a", 999_990), ("b", 999_999)])
    contents.trees = [
      Self.tree("1", 999_995, images: [], isHeld: false), Self.tree("2", 1, images: [], isHeld: true),
    ]
    func plan(_ maxBytes: Int64) -> CollectionPlan {
      CollectionPlan(
        contents, now: Self.now, options: .init(treeGrace: nil, maxBytes: maxBytes), dependencies: { _ in [] }
      )
    }
    #expect(plan(2200).images.isEmpty && plan(2200).trees.isEmpty)
    #expect(plan(2199).images.map(\.id) == [Self.id("a")] && plan(2199).trees.isEmpty)
    #expect(plan(2099).trees.map(\.id) == [Self.treeID("1")] && plan(2099).images.count == 1)
    #expect(plan(0).images.count == 2)
    #expect(plan(0).remainingBytes == 1000)
  }

  @Test("trees go by their last lease, held ones never")
  func trees() {
    var contents = CollectionPlan.Contents()
    contents.trees = [
      Self.tree("1", 999_000, images: [], isHeld: false), Self.tree("2", 1, images: [], isHeld: true),
      Self.tree("3", 998_000, images: [], isHeld: false),
    ]
    func trees(_ grace: Duration?) -> [TreeID] {
      CollectionPlan(contents, now: Self.now, options: .init(treeGrace: grace), dependencies: { _ in [] })
        .trees.map(\.id)
    }
    #expect(trees(.zero) == [Self.treeID("3"), Self.treeID("1")])
    #expect(trees(.seconds(1500)) == [Self.treeID("3")])
    #expect(trees(nil) == [])
  }

  @Test("dependencies are not asked for when nothing is due")
  func lazy() {
    var isAsked = false
    let contents = Self.contents([("a", 999_999)])
    _ = CollectionPlan(contents, now: Self.now, options: .init()) { _ in
      isAsked = true
      return []
    }
    #expect(!isAsked)
  }

  @Test("graces and times at the ends of their ranges trap nowhere")
  func extremes() {
    var contents = Self.contents([("a", .min), ("b", .max)])
    contents.trees = [Self.tree("1", .min, images: [], isHeld: false)]
    for grace: Duration in [.seconds(Int64.max), .seconds(Int64.min), .zero] {
      _ = CollectionPlan(
        contents, now: Self.now, options: .init(imageGrace: grace, treeGrace: grace, maxBytes: .min),
        dependencies: { _ in [] })
    }
  }

  @Test("the plan can be read")
  func description() {
    let contents = Self.contents([("a", 1), ("b", 999_999)])
    let plan = CollectionPlan(contents, now: Self.now, options: .init(), dependencies: { _ in [] })
    #expect(plan.description == "\(Self.id("a").short): 100 bytes\nleft: 100 bytes")
  }
}

extension CollectionPlanTests {
  /// Images by name, of 100 bytes each, with their last uses in seconds.
  private static func contents(_ images: [(String, Int64)]) -> CollectionPlan.Contents {
    CollectionPlan.Contents(
      images: images.map { .init(id: id($0), lastUsedAt: FileTime(seconds: $1), bytes: 100) })
  }

  private static func tree(_ digit: Character, _ used: Int64, images: [String], isHeld: Bool)
    -> CollectionPlan.Tree
  {
    .init(
      id: treeID(digit), lastUsedAt: FileTime(seconds: used), bytes: 1000, images: images.map(id),
      isHeld: isHeld)
  }

  /// The names of the images that go.
  private static func plan(
    _ contents: CollectionPlan.Contents, _ options: CollectionOptions, _ edges: [String: [String]] = [:]
  ) -> [String] {
    CollectionPlan(contents, now: now, options: options) { (edges[name($0)] ?? []).map(id) }.images.map {
      name($0.id)
    }
  }

  private static func id(_ name: String) -> ImageID {
    let bytes = Array(name.utf8)
    guard let id = ImageID(digest: bytes + [UInt8](repeating: 0, count: 64 - bytes.count)) else {
      preconditionFailure("64 bytes make an ID")
    }
    return id
  }

  private static func name(_ id: ImageID) -> String {
    String(decoding: id.digest.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func treeID(_ digit: Character) -> TreeID {
    guard let id = TreeID("tree-" + String(repeating: digit, count: 64)) else {
      preconditionFailure("64 digits make an ID")
    }
    return id
  }
}
