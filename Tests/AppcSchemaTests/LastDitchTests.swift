import AppcSchema
import Testing

/// Readers for broken documents (N1, N2).
@Suite("Last-ditch readers")
struct LastDitchTests {
  @Test("N1: a broken image manifest gives its name, version and labels, whatever they are")
  func image() throws {
    let text =
      #"{"acKind":"ImageManifest","acVersion":"x","name":"B AD","labels":[{"name":"!","value":"v"}]}"#
    #expect(throws: SchemaError.self) { try ImageManifest.read(Array(text.utf8)) }
    let manifest = try LastDitchImageManifest.read(Array(text.utf8))
    #expect(manifest.name == "B AD" && manifest.acVersion == "x")
    #expect(manifest.labels.map(\.name) == ["!"])
    #expect(
      manifest.json.description
        == #"{"acVersion":"x","acKind":"ImageManifest","name":"B AD","labels":[{"name":"!","value":"v"}]}"#)
  }

  @Test("N1: a broken pod manifest gives its apps and their images")
  func pod() throws {
    let text = #"""
      {"acKind":"PodManifest","acVersion":"0.8.11","volumes":7,
       "apps":[{"name":"?","image":{"name":"!!!","id":"&&&","labels":[{"name":"a","value":"b"}]}},{}]}
      """#
    let manifest = try LastDitchPodManifest.read(Array(text.utf8))
    #expect(manifest.apps.map(\.name) == ["?", ""])
    #expect(manifest.apps[0].imageID == "&&&" && manifest.apps[0].imageName == "!!!")
    #expect(manifest.apps[0].imageLabels.count == 1)
  }

  @Test(
    "N1: another kind, another type of a member and malformed JSON are errors",
    arguments: [
      "", "<html>", "[]", #"{"acKind":"PodManifest"}"#, #"{"acKind":"ImageManifest","name":5}"#,
      #"{"acKind":"ImageManifest","labels":[7]}"#, #"{"acKind":"ImageManifest",}"#,
    ])
  func refusals(text: String) {
    #expect(throws: SchemaError.self) { try LastDitchImageManifest.read(Array(text.utf8)) }
  }

  @Test("N2: the header says what a document is, former kinds included, and reads nothing else")
  func header() throws {
    func header(_ text: String) throws -> ManifestHeader { try ManifestHeader.read(Array(text.utf8)) }
    let image = try header(#"{"name":7,"acKind":"ImageManifest","acVersion":"junk"}"#)
    #expect(image.kind == .imageManifest && image.versionText == "junk")
    let former = try header(#"{"acKind":"ContainerRuntimeManifest"}"#)
    #expect(former.kind == .podManifest && former.kindText == "ContainerRuntimeManifest")
    #expect(former.versionText == nil)
    #expect(try header(#"{"acKind":"AppManifest"}"#).kind == nil)
    #expect(try header("{}").kindText.isEmpty)
    #expect(throws: SchemaError.self) { try header("[]") }
    #expect(throws: SchemaError.self) { try header("{") }
  }
}
