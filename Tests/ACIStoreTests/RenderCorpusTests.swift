import ACIArchive
import AppcSchema
import SystemPackage
import Testing

@testable import ACIStore

/// A case of the reference's own rendering tests: images as lists of entries, and what came out.
struct RenderCase: Sendable, CustomTestStringConvertible {
  /// An image and its entries.
  struct Image: Sendable {
    let id: ImageID
    let manifest: ImageManifest
    let entries: [ArchiveEntry]
  }

  let name: String
  let images: [Image]
  let top: ImageID
  /// Names in the order of rendering reversed, where the reference tells it.
  let order: [String]?
  /// Paths beneath rootfs by the image that gives them.
  let expected: [ImageID: Set<String>]

  var testDescription: String { name }

  /// Every case of the corpus.
  static func all() throws -> [RenderCase] {
    let file = FilePath(#filePath).removingLastComponent().removingLastComponent()
      .appending("ConformanceTests/Cases/appc-cases.jsonl")
    return try contents(of: file).split(separator: UInt8(ascii: "\n")).compactMap { line in
      let value = try JSONValue.parse(Array(line))
      return value["type"]?.string == "Render" ? try RenderCase(value) : nil
    }
  }

  private init(_ value: JSONValue) throws {
    let input = try JSONValue.parse(Array(try #require(value["input"]?.string).utf8))
    name = try #require(value["test"]?.string)
    top = try ImageID(try #require(input["root"]?.string))
    order = input["flat_order"]?.array?.compactMap { $0["name"]?.string }
    images = try #require(input["acis"]?.array).map { image in
      let entries = try #require(image["entries"]?.array)
      let manifest = try #require(entries.first { $0["name"]?.string == "manifest" }?["contents"]?.string)
      return Image(
        id: try ImageID(try #require(image["id"]?.string)),
        manifest: try ImageManifest.read(Array(manifest.utf8)).value, entries: try entries.map(Self.entry))
    }
    expected = try #require(value["expect"]?["from"]?.array).reduce(into: [:]) { all, image in
      let files = try #require(image["files"]?.array).compactMap(\.string)
      all[try ImageID(try #require(image["id"]?.string))] = Set(files.filter { $0 != "manifest" })
    }
  }

  private static func entry(_ value: JSONValue) throws -> ArchiveEntry {
    let kinds: [String: EntryKind] = ["0": .regular, "2": .symbolicLink, "5": .directory]
    return ArchiveEntry(
      path: try ArchivePath(try #require(value["name"]?.string)),
      kind: try #require(kinds[value["type"]?.string ?? ""]), mode: 0)
  }

  func graph() throws -> RenderGraph {
    try RenderGraph.load(top) { (id) throws(StoreError) in
      guard let image = images.first(where: { $0.id == id }) else {
        throw StoreError.noImage(id, operation: "render")
      }
      return try RenderGraph.Node(id, image.manifest) { (dependency) throws(StoreError) in
        dependency.imageID ?? images.first { $0.manifest.name == dependency.imageName }?.id ?? id
      }
    }
  }

  /// Paths by the image that gives them.
  func planned() throws -> [ImageID: Set<String>] {
    var catalogue = EntryCatalogue()
    for image in images { catalogue.add(try image.entries.map { try catalogue.entry($0) }, of: image.id) }
    let plan = RenderPlan(try graph().applications(), catalogue)
    return plan.layers.reduce(into: [:]) { all, layer in
      all[layer.image] = Set(
        layer.outcomes.compactMap { outcome in
          if case .place(let path) = outcome { "\(plan.paths.path(path))" } else { nil }
        })
    }
  }
}

@Suite("The reference's rendering cases")
struct RenderCorpusTests {
  /// Directories that hold what is listed, and are not listed themselves: the reference makes them anew, with a mode
  /// of its own; here they stay those of the image that has them (see `RenderMerge.gives`).
  private static let kept = ["TestPWLOnlyImage": ["rootfs/c"]]

  @Test(
    "G1, G2, G3, G5, G7: order, and who gives which path, are those of the reference",
    arguments: try RenderCase.all())
  func same(_ sample: RenderCase) throws {
    let graph = try sample.graph()
    let order = try graph.applications().map { graph.nodes[$0.image]?.name ?? "?" }
    if let expected = sample.order { #expect(order == expected) }
    let planned = try sample.planned()
    let kept = Self.kept[sample.name] ?? []
    for image in sample.images {
      #expect(
        (planned[image.id] ?? []).subtracting(kept) == sample.expected[image.id] ?? [],
        "\(image.manifest.name)")
    }
  }

  @Test("the cases are there")
  func count() throws {
    #expect(try RenderCase.all().count == 14)
  }
}
