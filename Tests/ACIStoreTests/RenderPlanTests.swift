import ACIArchive
import AppcSchema
import Testing

@testable import ACIStore

/// Images by one letter, with paths beneath rootfs; a trailing slash makes a directory.
private struct Images {
  var nodes: [ImageID: RenderGraph.Node] = [:]
  var entries: [ImageID: [PlannedEntry]] = [:]

  static func id(_ name: String) throws -> ImageID {
    var digest = [UInt8](repeating: 0, count: 64)
    for (index, byte) in name.utf8.prefix(64).enumerated() { digest[index] = byte }
    return try #require(ImageID(digest: digest))
  }

  mutating func add(
    _ name: String, on dependencies: [String] = [], only whitelist: [String] = [], _ paths: String...
  ) throws {
    let id = try Self.id(name)
    nodes[id] = RenderGraph.Node(
      id: id, name: name, dependencies: try dependencies.map(Self.id),
      whitelist: try PathWhitelist(whitelist, of: name))
    entries[id] = try ["rootfs/"].map(Self.entry) + paths.map { try Self.entry("rootfs/\($0)") }
  }

  func order(_ top: String, limits: RenderGraph.Limits = .init()) throws -> [String] {
    try graph(top, limits).applications().reversed().map { nodes[$0.image]?.name ?? "?" }
  }

  /// Which image gives each path, without rootfs itself.
  func winners(_ top: String) throws -> [String: String] {
    let plan = try RenderPlan(try graph(top).applications()) { id in entries[id] ?? [] }
    var winners: [String: String] = [:]
    for layer in plan.layers {
      for (path, outcome) in layer.outcomes where path != .rootfs {
        let name = nodes[layer.image]?.name ?? "?"
        switch outcome {
        case .place(let place): winners["\(place)"] = place == path ? name : "\(name):\(path)"
        case .link(let target): winners["\(path)"] = "\(name)->\(target)"
        }
      }
    }
    return winners.reduce(into: [:]) { $0[String($1.key.dropFirst("rootfs/".count))] = $1.value }
  }

  private func graph(_ top: String, _ limits: RenderGraph.Limits = .init()) throws -> RenderGraph {
    try RenderGraph.load(try Self.id(top), limits: limits) { (id) throws(StoreError) in
      guard let node = nodes[id] else { throw StoreError.noImage(id, operation: "render") }
      return node
    }
  }

  private static func entry(_ text: String) throws -> PlannedEntry {
    let parts = text.split(separator: "=")
    let path = try ArchivePath(String(parts[0]))
    let target = try parts.count > 1 ? ArchivePath("rootfs/\(parts[1])") : nil
    return PlannedEntry(path: path, isDirectory: text.hasSuffix("/"), hardLink: target)
  }
}

@Suite("The plan of a rendering")
struct RenderPlanTests {
  @Test("G2: A->[B,C], C->[D] is B, D, C, A")
  func order() throws {
    var images = Images()
    try images.add("D")
    try images.add("B")
    try images.add("C", on: ["D"])
    try images.add("A", on: ["B", "C"])
    #expect(try images.order("A") == ["B", "D", "C", "A"])
  }

  @Test("G2: of two places of one image with the same list, the later one counts")
  func diamond() throws {
    var images = Images()
    try images.add("D", "x", "y")
    try images.add("B", on: ["D"], "x", "y/")
    try images.add("C", on: ["D"])
    try images.add("A", on: ["B", "C"])
    // D, B, D, C, A without the first D.
    #expect(try images.order("A") == ["B", "D", "C", "A"])
    #expect(try images.winners("A") == ["x": "D", "y": "D"])
  }

  @Test("a diamond of 28 levels costs no more than its edges", .timeLimit(.minutes(1)))
  func manyWays() throws {
    var images = Images()
    try images.add("28")
    for level in (0..<28).reversed() {
      try images.add("\(level)", on: ["\(level + 1)", "\(level + 1)"])
    }
    #expect(try images.order("0").count == 29)
  }

  @Test("G4: every list on the way down applies, an intermediate one too")
  func intersection() throws {
    var images = Images()
    try images.add("base", "a", "b", "c", "d")
    try images.add("middle", on: ["base"], only: ["/a", "/b"])
    try images.add("top", on: ["middle"], only: ["/b", "/c"])
    #expect(try images.winners("top") == ["b": "base"])
  }

  @Test("G4: one image reached on two ways gives what either way allows")
  func twoWays() throws {
    var images = Images()
    try images.add("base", "a", "b", "c")
    try images.add("left", on: ["base"], only: ["/a"])
    try images.add("right", on: ["base"], only: ["/b"])
    try images.add("top", on: ["left", "right"])
    #expect(try images.winners("top") == ["a": "base", "b": "base"])
  }

  @Test("G5: listing a directory does not list what is in it, nor what it would hold")
  func directory() throws {
    var images = Images()
    try images.add("top", only: ["/d/", "/gone/x"], "d/", "d/a", "gone/")
    #expect(try images.winners("top") == ["d": "top"])
  }

  @Test("G3, G7: what is on top decides whether a path is a directory")
  func kinds() throws {
    var images = Images()
    try images.add("base", "f", "d/", "d/x", "d/y/", "d/y/z", "both/", "both/a")
    try images.add("top", on: ["base"], "f/", "f/new", "d", "both/", "both/b")
    #expect(
      try images.winners("top")
        == ["f": "top", "f/new": "top", "d": "top", "both": "top", "both/a": "base", "both/b": "top"])
  }

  @Test("a path beneath an upper file stays hidden, though a directory above the file is shared")
  func hiddenDeep() throws {
    var images = Images()
    try images.add("base", "a/", "a/b/", "a/b/c")
    try images.add("top", on: ["base"], "a/", "a/b", "a/z")
    #expect(try images.winners("top") == ["a": "top", "a/b": "top", "a/z": "top"])
  }

  @Test("hard links follow their content: to its first name that is kept")
  func hardLinks() throws {
    var images = Images()
    try images.add("base", "a", "b=a", "c=b", "d=a")
    try images.add("top", on: ["base"], only: ["/b", "/c", "/d"], "d")
    #expect(try images.winners("top") == ["b": "base:rootfs/a", "c": "base->rootfs/b", "d": "top"])
  }

  @Test("a cycle is named, whether it holds the top or not")
  func cycles() throws {
    var images = Images()
    try images.add("self", on: ["self"])
    try images.add("x", on: ["y"])
    try images.add("y", on: ["x"])
    try images.add("top", on: ["x"])
    for (top, cycle) in [("self", "self -> self"), ("x", "x -> y -> x"), ("top", "x -> y -> x")] {
      let error = #expect(throws: StoreError.self) { try images.order(top) }
      #expect(error?.code == .dependency)
      #expect(error?.detail.hasSuffix(cycle) == true, "\(error?.detail ?? "")")
    }
  }

  @Test("depth is bounded, also where it is only found by joining two ways")
  func depth() throws {
    var images = Images()
    try images.add("4")
    for level in (0..<4).reversed() { try images.add("\(level)", on: ["\(level + 1)"]) }
    try images.add("p", on: ["1"])
    try images.add("q", on: ["p"])
    try images.add("top", on: ["1", "q"])
    #expect(throws: StoreError.self) { try images.order("top", limits: .init(depth: 6)) }
    #expect(try images.order("top", limits: .init(depth: 7)).count == 7)
  }

  @Test("the number of images and of places is bounded")
  func size() throws {
    var images = Images()
    for number in 0..<5 { try images.add("\(number)") }
    try images.add("top", on: (0..<5).map { "\($0)" })
    #expect(throws: StoreError.self) { try images.order("top", limits: .init(images: 5)) }
    #expect(throws: StoreError.self) { try images.order("top", limits: .init(applications: 5)) }
  }

  @Test("a whitelist that climbs out of the root is refused")
  func climbing() throws {
    #expect(throws: StoreError.self) { try PathWhitelist(["/../manifest"], of: "x") }
  }
}
