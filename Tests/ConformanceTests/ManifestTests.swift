import AppcSchema
import Testing

/// What must hold of every manifest of the corpus, whatever the reference says about it.
@Suite("Manifests of the corpus, read and written")
struct ManifestTests {
  /// The manifests of a type, which are images or pods.
  private func inputs(_ type: String) -> [(bytes: [UInt8], place: String)] {
    CaseFiles.all.cases.filter { $0.type == type }.map { (Array($0.input.utf8), $0.place) }
  }

  @Test("what was read and not changed is written byte for byte as it was")
  func unchanged() {
    var count = 0
    for input in inputs("ImageManifest/json") {
      guard let manifest = try? ImageManifest.read(input.bytes).value else { continue }
      #expect(manifest.serialized() == input.bytes, "\(input.place)")
      count += 1
    }
    for input in inputs("PodManifest/json") {
      guard let manifest = try? PodManifest.read(input.bytes).value else { continue }
      #expect(manifest.serialized() == input.bytes, "\(input.place)")
      count += 1
    }
    #expect(count > 40)
  }

  @Test("the canonical form reads as the same, today's names in the place of earlier ones")
  func canonical() throws {
    for input in inputs("ImageManifest/json") {
      guard let manifest = try? ImageManifest.read(input.bytes).value else { continue }
      let again = try ImageManifest.read(manifest.serialized(.compact)).value
      #expect(again == manifest || again == manifest.upgraded(), "\(input.place)")
      #expect(again.serialized(.compact) == manifest.serialized(.compact), "\(input.place)")
    }
    for input in inputs("PodManifest/json") {
      guard let manifest = try? PodManifest.read(input.bytes).value else { continue }
      let again = try PodManifest.read(manifest.serialized(.compact)).value
      #expect(again == manifest || again == manifest.upgraded(), "\(input.place)")
      #expect(again.serialized(.compact) == manifest.serialized(.compact), "\(input.place)")
    }
  }

  @Test("the canonical form of what strict reading takes is taken by strict reading")
  func canonicalIsStrict() {
    var count = 0
    for input in inputs("ImageManifest/json") {
      guard let manifest = try? ImageManifest.read(input.bytes, mode: .strict).value else { continue }
      #expect(throws: Never.self, "\(input.place)") {
        try ImageManifest.read(manifest.serialized(.compact), mode: .strict)
      }
      count += 1
    }
    for input in inputs("PodManifest/json") {
      guard let manifest = try? PodManifest.read(input.bytes, mode: .strict).value else { continue }
      #expect(throws: Never.self, "\(input.place)") {
        try PodManifest.read(manifest.serialized(.compact), mode: .strict)
      }
      count += 1
    }
    #expect(count > 20)
  }

  @Test("N2: the header of every manifest of the corpus says its kind")
  func headers() throws {
    for (type, kind) in [("ImageManifest/json", ACKind.imageManifest), ("PodManifest/json", .podManifest)] {
      for test in CaseFiles.all.cases where test.type == type && test.outcome()?.isAccepted == true {
        let header = try ManifestHeader.read(Array(test.input.utf8))
        #expect(header.kind == kind, "\(test.place)")
      }
    }
  }

  @Test("N1: whatever is wrong with a manifest of the corpus, its name or its apps can still be read")
  func lastDitch() {
    for input in inputs("ImageManifest/json") where (try? ImageManifest.read(input.bytes)) != nil {
      #expect(throws: Never.self, "\(input.place)") { try LastDitchImageManifest.read(input.bytes) }
    }
  }
}
