import Glibc
import SystemPackage
import Testing

@Suite("appc build --compression")
struct CompressionCommandTests {
  @Test("every compression makes the same image, in a file that its own program finds whole")
  func kinds() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout().string
    var ids: Set<String> = []
    for kind in ["gzip", "gzip:1", "bzip2", "bzip2:1", "xz", "xz:6", "zstd", "zstd:9", "none"] {
      let output = fixture.directory.appending("out.aci").string
      let built = try fixture.appc("build", "--overwrite", "--compression", kind, layout, output)
      #expect(built.status == 0, "\(kind): \(built.error)")
      ids.insert(built.output)
      let program = kind.split(separator: ":")[0]
      if kind != "none" { #expect(system("\(program) -t < '\(output)' 2> /dev/null") == 0, "\(kind)") }
      let validated = try fixture.appc("validate", output)
      #expect(validated.status == 0, "\(kind): \(validated.error)")
    }
    #expect(ids.count == 1)
  }

  @Test(
    "what cannot be written is refused in one line that says what can, and leaves nothing",
    arguments: [
      ("rar", "gzip, bzip2, xz, zstd or none"), ("none:1", "gzip, bzip2, xz, zstd or none"),
      ("xz:10", "0 (fast) to 9 (small)"), ("zstd:22", "1 (fast) to 19 (small)"),
    ])
  func refusal(_ kind: String, _ advice: String) throws {
    let fixture = try CommandFixture()
    let output = fixture.directory.appending("out.aci").string
    let result = try fixture.appc("build", "--compression", kind, try fixture.makeLayout().string, output)
    #expect(result.status == 254 && result.output == "")
    #expect(
      result.error.contains(advice) && result.error.split(separator: "\n").count == 1, "\(result.error)")
    #expect(access(output, F_OK) != 0)
  }

  @Test("without libarchive gzip still works, and the others name the package to install")
  func missingLibrary() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout().string
    let output = fixture.directory.appending("out.aci").string
    // An empty file that the loader finds first is no library.
    try fixture.shell("mkdir '\(fixture.directory)/lib' && : > '\(fixture.directory)/lib/libarchive.so.13'")
    let environment = ["LD_LIBRARY_PATH=\(fixture.directory)/lib"]
    for kind in ["bzip2", "xz", "zstd"] {
      let refused = try fixture.appc(
        ["build", "--compression", kind, layout, output], environment: environment)
      #expect(refused.status == 254 && refused.error.contains("libarchive13"), "\(refused.error)")
      #expect(refused.error.split(separator: "\n").count == 1 && access(output, F_OK) != 0)
    }
    let built = try fixture.appc(["build", layout, output], environment: environment)
    #expect(built.status == 0, "\(built.error)")
    try fixture.shell("gzip -dc '\(output)' | xz -0 > '\(output).xz'")
    let unread = try fixture.appc(["validate", output + ".xz"], environment: environment)
    #expect(unread.status != 0 && (unread.output + unread.error).contains("libarchive13"), "\(unread)")
  }
}
