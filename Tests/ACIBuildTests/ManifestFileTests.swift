import ACIBuild
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Writing a manifest file")
struct ManifestFileTests {
  @Test("it appears byte for byte under its own name, and replaces only when told to")
  func newFile() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let output = directory.appending("out.json")
      try ManifestFile.write(PatchFixture.new, to: .file(output), insteadOf: "in")
      #expect(try contents(of: output) == PatchFixture.new)
      let error = #expect(throws: BuildError.self) {
        try ManifestFile.write(PatchFixture.old, to: .file(output), insteadOf: "in")
      }
      #expect(error?.code == .exists)
      #expect(try contents(of: output) == PatchFixture.new)
      try ManifestFile.write(PatchFixture.old, to: .file(output, overwrite: true), insteadOf: "in")
      #expect(try contents(of: output) == PatchFixture.old)
    }
  }

  @Test("in place it keeps its permissions")
  func inPlace() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(PatchFixture.old, to: "manifest", mode: .ownerReadWrite)
      try ManifestFile.write(PatchFixture.new, to: .inPlace, insteadOf: file)
      #expect(try contents(of: file) == PatchFixture.new)
      #expect(try status(of: file).st_mode == S_IFREG | 0o600)
      #expect(try names(directory.path) == ["manifest"])
    }
  }

  @Test("an invalid manifest, and the name of an image, are refused and nothing is written")
  func refusals() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(PatchFixture.old, to: "manifest")
      let invalid = #expect(throws: BuildError.self) {
        try ManifestFile.write([1], to: .inPlace, insteadOf: file)
      }
      #expect(invalid?.code == .invalidManifest)
      let badName = #expect(throws: BuildError.self) {
        try ManifestFile.write(PatchFixture.new, to: .file(directory.appending("a.aci")), insteadOf: file)
      }
      #expect(badName?.code == .badName)
      #expect(try contents(of: file) == PatchFixture.old)
      #expect(try names(directory.path) == ["manifest"])
    }
  }
}
