import Testing

@testable import AppcSchema

@Suite("Manifests of any content")
struct GeneratedManifestTests {
  @Test("an image manifest follows the specification and reads as it was made", arguments: Round.all)
  func image(_ round: Round) throws {
    var generator = round.generator
    let manifest = try generator.imageManifest()
    for style in [JSONStyle.compact, .pretty, .preserving] {
      let written = manifest.serialized(style)
      let read = try ImageManifest.read(written, mode: .strict)
      #expect(read.value == manifest)
      #expect(read.diagnostics.allSatisfy { $0.severity == .note || ["D6", "J8", "J9"].contains($0.rule) })
      #expect(read.value.serialized() == written)
      #expect(try ImageManifest.read(written, mode: .tolerant).value == manifest)
    }
    #expect(try ImageManifest(json: manifest.json, mode: .strict) == manifest)
  }

  @Test("a pod manifest follows the specification and reads as it was made", arguments: Round.all)
  func pod(_ round: Round) throws {
    var generator = round.generator
    let manifest = try generator.podManifest()
    for style in [JSONStyle.compact, .pretty, .preserving] {
      let written = manifest.serialized(style)
      let read = try PodManifest.read(written, mode: .strict)
      #expect(read.value == manifest)
      #expect(read.value.serialized() == written)
      #expect(try PodManifest.read(written, mode: .tolerant).value == manifest)
    }
    #expect(try PodManifest(json: manifest.json, mode: .strict) == manifest)
  }

  @Test("the canonical form of the canonical form is itself", arguments: Round.all)
  func canonical(_ round: Round) throws {
    var generator = round.generator
    let image = try generator.imageManifest().serialized(.compact)
    #expect(try ImageManifest.read(image).value.serialized(.compact) == image)
    let pod = try generator.podManifest().serialized(.pretty)
    #expect(try PodManifest.read(pod).value.serialized(.pretty) == pod)
  }

  @Test("however a document is laid out, it reads as the same and is written as it was", arguments: Round.all)
  func layout(_ round: Round) throws {
    var generator = round.generator
    let image = try generator.imageManifest()
    let document = LaidOutDocument(image.json, &generator)
    let read = try ImageManifest.read(document.bytes, mode: .strict).value
    #expect(read.serialized() == document.bytes)
    #expect(try JSONValue.parse(read.serialized(.compact)) == JSONValue.parse(document.bytes))
    #expect((read.name, read.acVersion) == (image.name, image.acVersion))
    #expect(read.labels.map(\.value).hasSameBytes(as: image.labels.map(\.value)))
    #expect(read.app?.exec.hasSameBytes(as: image.app?.exec ?? []) ?? true)
    #expect(read.app?.isolators.map(\.content) == image.app?.isolators.map(\.content))
  }

  @Test("an isolator means after reading what it meant before", arguments: Round.all)
  func isolators(_ round: Round) throws {
    var generator = round.generator
    for isolator in try generator.isolators() {
      let content = try #require(isolator.content)
      #expect(Isolator(content).content == content)
      #expect(
        try Isolator(json: JSONValue.parse(isolator.json.serialized()), mode: .strict).content == content)
    }
  }
}
