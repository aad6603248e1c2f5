import ACIArchive
import AppcSchema
import Testing

@testable import ACIStore

/// Images by one letter, with paths beneath rootfs; a trailing slash makes a directory.
private struct Images {
  var nodes: [ImageID: RenderGraph.Node] = [:]
  var entries: [ImageID: [ArchiveEntry]] = [:]

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
    let plan = try plan(top)
    var winners: [String: String] = [:]
    for layer in plan.layers {
      let name = nodes[layer.image]?.name ?? "?"
      for (entry, outcome) in zip(entries[layer.image] ?? [], layer.outcomes) where entry.path != .rootfs {
        switch outcome {
        case .leftOut: break
        case .place(let number):
          let place = plan.paths.path(number)
          winners["\(place)"] = place == entry.path ? name : "\(name):\(entry.path)"
        case .link(let number, let target):
          #expect(plan.paths.path(number) == entry.path)
          winners["\(entry.path)"] = "\(name)->\(plan.paths.path(target))"
        }
      }
    }
    return winners.reduce(into: [:]) { $0[String($1.key.dropFirst("rootfs/".count))] = $1.value }
  }

  func plan(_ top: String) throws -> RenderPlan {
    var catalogue = EntryCatalogue()
    for (id, list) in entries { catalogue.add(try list.map { try catalogue.entry($0) }, of: id) }
    return RenderPlan(try graph(top).applications(), catalogue)
  }

  func graph(_ top: String, _ limits: RenderGraph.Limits = .init()) throws -> RenderGraph {
    try RenderGraph.load(try Self.id(top), limits: limits) { (id) throws(StoreError) in
      guard let node = nodes[id] else { throw StoreError.noImage(id, operation: "render") }
      return node
    }
  }

  private static func entry(_ text: String) throws -> ArchiveEntry {
    let parts = text.split(separator: "=")
    var entry = ArchiveEntry(path: try ArchivePath(String(parts[0])), kind: .regular, mode: 0o644)
    if text.hasSuffix("/") { entry.kind = .directory }
    if parts.count > 1 {
      entry.kind = .hardLink
      entry.linkTarget = try ArchivePath("rootfs/\(parts[1])").bytes
    }
    return entry
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

  @Test("G2, G4: an image at two places with different lists is laid at each of them, and read once")
  func diamondWithLists() throws {
    var images = Images()
    try images.add("D", "x", "y", "z")
    try images.add("B", on: ["D"], only: ["/x", "/y", "/z"], "x", "y", "z")
    try images.add("C", on: ["D"], only: ["/x", "/z"], "z")
    try images.add("A", on: ["B", "C"])
    // D (x y z), B, D (x z), C, A.
    #expect(try images.order("A") == ["D", "B", "D", "C", "A"])
    #expect(try images.winners("A") == ["x": "D", "y": "B", "z": "C"])
    #expect(try images.plan("A").layers.count { $0.image == (try? Images.id("D")) } == 1)
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

  @Test("G1: an empty whitelist leaves everything, any other leaves nothing that is not on it")
  func emptyList() throws {
    var images = Images()
    try images.add("all", only: [], "a", "b")
    try images.add("none", only: ["/gone"], "a", "b")
    #expect(try images.winners("all") == ["a": "all", "b": "all"])
    #expect(try images.winners("none") == [:])
  }

  @Test("G5, G6: a list's paths may lack the first slash and have one at the end, and mean the same")
  func spellings() throws {
    var images = Images()
    try images.add("top", only: ["a", "/b/", "//d//e"], "a", "b/", "b/c", "d/", "d/e", "f")
    #expect(try images.winners("top") == ["a": "top", "b": "top", "d": "top", "d/e": "top"])
  }

  @Test("G6: a listed directory is there, empty, when nothing in it is listed")
  func emptyDirectory() throws {
    var images = Images()
    try images.add("base", "etc/", "etc/system/", "etc/system/unit")
    try images.add("top", on: ["base"], only: ["/etc/system/"])
    #expect(try images.winners("top") == ["etc": "base", "etc/system": "base"])
  }

  @Test("G10: names that mean deletions elsewhere are names like any other")
  func whiteouts() throws {
    var images = Images()
    try images.add("base", "d/", "d/a")
    try images.add("top", on: ["base"], "d/", "d/.wh.a", "d/.wh..wh..opq")
    #expect(
      try images.winners("top")
        == ["d": "top", "d/a": "base", "d/.wh.a": "top", "d/.wh..wh..opq": "top"])
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

  @Test("G3: what an intermediate image replaced by a file does not come back when that becomes a directory")
  func replacedTwice() throws {
    var images = Images()
    try images.add("low", "d/", "d/x", "e/", "e/x")
    try images.add("middle", on: ["low"], "d", "e")
    try images.add("top", on: ["middle"], "d/", "d/y", "e/y")
    // Nobody describes "e": it is new when the top's file is written, and not the lowest image's.
    #expect(try images.winners("top") == ["d": "top", "d/y": "top", "e/y": "top"])
  }

  @Test("G3: a file that its own image's list leaves out replaces nothing")
  func unlistedFile() throws {
    var images = Images()
    try images.add("low", "d/", "d/x")
    try images.add("middle", only: ["/other"], "d", "other")
    try images.add("top", on: ["low", "middle"], "d/", "d/y")
    #expect(
      try images.winners("top") == ["d": "top", "d/x": "low", "d/y": "top", "other": "middle"])
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

  @Test("long lists on many ways are bounded: 2^10 ways with lists that differ")
  func lists() throws {
    var images = Images()
    let all = (0..<20).map { "/\($0)" }
    try images.add("end")
    for level in (0..<10).reversed() {
      let next = level == 9 ? "end" : "join\(level + 1)"
      for side in 0..<2 {
        let list = all.filter { $0 != "/\(2 * level + side)" }
        try images.add("side\(level).\(side)", on: [next], only: list)
      }
      try images.add("join\(level)", on: ["side\(level).0", "side\(level).1"])
    }
    #expect(throws: StoreError.self) { try images.order("join0", limits: .init(listedPaths: 20_000)) }
    #expect(try images.order("join0").count > 1024)
  }

  @Test("a plan says what will be, path by path")
  func description() throws {
    var images = Images()
    try images.add("base", "a", "b=a", "c")
    try images.add("top", on: ["base"], "c")
    let (base, top) = (try Images.id("base").short, try Images.id("top").short)
    #expect(
      "\(try images.plan("top"))" == """
        \(base)
          rootfs/a
          rootfs/b -> rootfs/a
        \(top)
          rootfs
          rootfs/c
        """)
  }

  @Test("a whitelist that climbs out of the root is refused")
  func climbing() throws {
    #expect(throws: StoreError.self) { try PathWhitelist(["/../manifest"], of: "x") }
  }
}
