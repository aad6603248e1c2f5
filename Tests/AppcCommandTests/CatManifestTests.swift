import AppcEngine
import Glibc
import SystemPackage
import Testing

@Suite("appc cat-manifest")
struct CatManifestTests {
  @Test("prints the bytes of the manifest in an image, a layout and a manifest, and nothing else")
  func bytes() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let layout = fixture.directory.appending("image").string
    let expected = try fixture.text(of: FilePath(layout + "/manifest"))
    #expect(!expected.hasSuffix("\n"))
    for file in [image, layout, layout + "/manifest"] {
      let result = try fixture.appc("cat-manifest", file)
      #expect(result.status == 0 && result.output == expected && result.error.isEmpty, "\(result.error)")
    }
  }

  @Test("indents like appc image cat-manifest, and leaves content and order alone")
  func prettyPrint() throws {
    let fixture = try CommandFixture()
    let text = #"{"x":1.0,"acKind":"ImageManifest","name":"ex/a","acVersion":"0.8.11"}"#
    try fixture.makeLayout(manifest: text)
    let image = try fixture.makeImageOfLayout()
    let shown = try fixture.appc("cat-manifest", "--pretty-print", image)
    #expect(
      shown.output == """
        {
            "x": 1.0,
            "acKind": "ImageManifest",
            "name": "ex/a",
            "acVersion": "0.8.11"
        }

        """)
    #expect(try fixture.appc("image", "import", image).status == 0)
    #expect(try fixture.appc("image", "cat-manifest", "--pretty-print", "ex/a").output == shown.output)
    #expect(try fixture.appc("image", "cat-manifest", "ex/a").output == text + "\n")
  }

  @Test("prints an invalid manifest and ends with 1; ends with 254 when there is nothing to print")
  func failures() throws {
    let fixture = try CommandFixture()
    let file = fixture.directory.appending("m").string
    try fixture.write("{}", to: FilePath(file))
    let invalid = try fixture.appc("cat-manifest", file)
    #expect(invalid.status == 1 && invalid.output == "{}")
    for nothing in ["nope", "/dev/null", fixture.directory.string] {
      let result = try fixture.appc("cat-manifest", nothing)
      #expect(result.status == 254 && result.output.isEmpty)
      #expect(result.error.split(separator: "\n").count == 1 && result.error.hasPrefix("appc: "))
    }
  }
}

extension CommandFixture {
  /// An image of the layout that the test has made.
  fileprivate func makeImageOfLayout() throws -> String {
    let image = directory.appending("own.aci").string
    let built = try appc("build", directory.appending("image").string, image)
    #expect(built.status == 0, "\(built.error)")
    return image
  }
}
