import AppcSchema
import Testing

@testable import ReadManifest

@Suite("An importer of AppcSchema alone")
struct SummaryTests {
  private let manifest = """
    {
      "acKind": "ImageManifest", "acVersion": "0.5.1", "name": "example.com/server",
      "labels": [{"name": "version", "value": "1.0"}, {"name": "os", "value": "linux"}],
      "dependencies": [{"app": "example.com/base"}]
    }
    """

  @Test("is told name, labels and what an earlier version wrote differently")
  func tolerant() throws {
    #expect(
      try summary(of: Array(manifest.utf8)) == [
        "example.com/server version=1.0,os=linux",
        #"warning: $.dependencies[0].app (V): "app" is read as "imageName""#,
      ])
  }

  @Test("is told where the first of what strict reading refuses is")
  func strict() throws {
    let error = #expect(throws: SchemaError.self) { try summary(of: Array(manifest.utf8), mode: .strict) }
    #expect(error?.position?.line == 4)
    #expect(
      error?.diagnostics.map(lines) == [
        """
        4:28: error: $.dependencies[0].app (V): "app" is read as "imageName"
          "dependencies": [{"app": "example.com/base"}]
                                   ^
        """
      ])
  }

  @Test("gets a manifest of today that differs where it must")
  func upgraded() throws {
    let (today, remarks) = try upgrade(Array(manifest.utf8))
    #expect(remarks.count == 1)
    let expected = manifest.replacing("0.5.1", with: "0.8.11").replacing(#""app""#, with: #""imageName""#)
    #expect(String(decoding: today, as: UTF8.self) == expected)
    #expect(try ImageManifest.read(today, mode: .strict).diagnostics.isEmpty)
  }
}
