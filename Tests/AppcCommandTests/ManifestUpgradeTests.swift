import AppcEngine
import Glibc
import SystemPackage
import Testing

@Suite("appc manifest upgrade")
struct ManifestUpgradeTests {
  private static let old =
    #"{"acKind":"ImageManifest","acVersion":"0.5.0","name":"ex/a","dependencies":[{"app":"ex/b"}]}"#
  private static let new =
    #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a","dependencies":[{"imageName":"ex/b"}]}"#

  private func withOld(_ text: String = old, _ body: (CommandFixture, String) throws -> Void) throws {
    let fixture = try CommandFixture()
    let file = fixture.directory.appending("old")
    try fixture.write(text, to: file)
    try body(fixture, file.string)
  }

  @Test("prints a manifest that passes strict validation, and tells on standard error what it converted")
  func toStandardOutput() throws {
    try withOld { fixture, old in
      let result = try fixture.appc("manifest", "upgrade", old)
      #expect(result.status == 0 && result.output == Self.new, "\(result.error)")
      #expect(result.error.hasPrefix("\(old):1:"))
      #expect(result.error.contains("warning: $.dependencies[0].app (V): "), "\(result.error)")
      let feed = ["sh", "-c", #"cat "$0" | exec "$@""#, old]
      #expect(try fixture.appc(["manifest", "upgrade", "-"], prefix: feed).output == Self.new)
      #expect(try fixture.appc(["--debug", "manifest", "upgrade", old]).output == Self.new)
    }
  }

  @Test("writes a new file, replaces one only when told so, and replaces the old one with --replace")
  func toFile() throws {
    try withOld { fixture, old in
      let new = old + ".new"
      let written = try fixture.appc("manifest", "upgrade", old, new)
      #expect(written.status == 0 && written.output.isEmpty, "\(written.error)")
      #expect(try fixture.text(of: FilePath(new)) == Self.new)
      #expect(try fixture.appc("validate", "--strict", new).status == 0)
      let refused = try fixture.appc("manifest", "upgrade", old, new)
      #expect(refused.status == 254 && refused.error.contains("--overwrite"))
      #expect(try fixture.appc("manifest", "upgrade", "--overwrite", old, new).status == 0)
      #expect(try fixture.appc("manifest", "upgrade", "--replace", old).status == 0)
      #expect(try fixture.text(of: FilePath(old)) == Self.new)
    }
  }

  @Test("writes nothing when something remains that strict validation refuses, and names the rule")
  func incomplete() throws {
    try withOld(Self.old.replacing("ex/b", with: "ex--b")) { fixture, old in
      for arguments in [[old], [old, old + ".new"], ["--replace", old]] {
        let result = try fixture.appc(["manifest", "upgrade"] + arguments)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(
          result.error.contains("after upgrading: error: $.dependencies[0].imageName (A1): "),
          "\(result.error)")
      }
      #expect(access(old + ".new", F_OK) != 0)
      #expect(try fixture.text(of: FilePath(old)).contains("0.5.0"))
    }
  }

  @Test(
    "refuses what it cannot read, and options that contradict each other, with 254",
    arguments: [
      ["nope"], ["/dev/null"], ["/etc"], ["--replace", "-"], ["--replace", "old", "new"],
      ["--overwrite", "old"], [],
    ])
  func refusals(arguments: [String]) throws {
    let result = try CommandFixture().appc(["manifest", "upgrade"] + arguments)
    #expect(result.status == 254 && result.output.isEmpty, "\(result.error)")
  }
}
