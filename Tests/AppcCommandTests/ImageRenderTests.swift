import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc image render")
struct ImageRenderTests {
  /// base, libs on base, and web on libs.
  private func makeStack(_ fixture: CommandFixture) throws -> (base: String, libs: String, web: String) {
    let base = try fixture.makeSmallImage("base", files: ["etc/os": "base", "bin/sh": "shell"])
    let libs = try fixture.makeSmallImage(
      "libs", files: ["lib/c": "libc", "etc/os": "libs"], dependencies: ["base"])
    let web = try fixture.makeSmallImage("web", files: ["srv/index": "hello"], dependencies: ["libs"])
    return (base.string, libs.string, web.string)
  }

  private func checkStack(_ rootfs: FilePath, _ fixture: CommandFixture) throws {
    try fixture.shell(
      "cd '\(rootfs)' && test \"$(cat etc/os bin/sh lib/c srv/index)\" = libsshelllibchello")
  }

  @Test("takes what the image depends on from files, and needs no store")
  func files() throws {
    let fixture = try CommandFixture()
    let (base, libs, web) = try makeStack(fixture)
    let out = fixture.directory.appending("out")
    let result = try fixture.appc("image", "render", "--with", libs, base, "--", web, out.string)
    #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty, "\(result.error)")
    try checkStack(out.appending("rootfs"), fixture)
    try fixture.shell("cmp '\(out)/manifest' '\(fixture.directory)/web-1/manifest'")
    #expect(access(fixture.data.string, F_OK) != 0)
  }

  @Test("with an empty list of files renders what depends on nothing, and names what is missing otherwise")
  func noFiles() throws {
    let fixture = try CommandFixture()
    let (base, _, web) = try makeStack(fixture)
    let out = fixture.directory.string
    #expect(try fixture.appc("image", "render", "--with", "--", base, out + "/one").status == 0)
    #expect(fixture.exists("one/rootfs/bin/sh"))
    let missing = try fixture.appc("image", "render", "--with", "--", web, out + "/two")
    #expect(missing.status == 254 && missing.error.contains("example.com/libs"), "\(missing.error)")
    #expect(missing.error.split(separator: "\n").count == 1)
    #expect(try !fixture.exists("two") && fixture.hidden().isEmpty)
  }

  @Test("takes what the image depends on from the store, by file, ID and name")
  func stored() throws {
    let fixture = try CommandFixture()
    let (base, libs, web) = try makeStack(fixture)
    _ = try fixture.importImage(FilePath(base))
    _ = try fixture.importImage(FilePath(libs))
    let file = fixture.directory.appending("file")
    #expect(try fixture.appc("image", "render", web, file.string).status == 0)
    try checkStack(file.appending("rootfs"), fixture)
    let id = try fixture.importImage(FilePath(web))
    for (number, reference) in [id, String(id.prefix(20)), "example.com/web:1"].enumerated() {
      let out = fixture.directory.appending("stored-\(number)")
      let result = try fixture.appc("image", "render", "--rootfs-only", reference, out.string)
      #expect(result.status == 0, "\(reference): \(result.error)")
      try checkStack(out, fixture)
      #expect(!fixture.exists("stored-\(number)/manifest"))
    }
  }

  @Test("of a file that depends on nothing makes no data directory")
  func alone() throws {
    let fixture = try CommandFixture()
    let base = try makeStack(fixture).base
    #expect(try fixture.appc("image", "render", base, fixture.directory.appending("out").string).status == 0)
    #expect(fixture.exists("out/rootfs/etc/os") && access(fixture.data.string, F_OK) != 0)
  }

  @Test("replaces a directory when asked, and leaves it as it was when the rendering fails")
  func overwrite() throws {
    let fixture = try CommandFixture()
    let (base, _, web) = try makeStack(fixture)
    let out = fixture.directory.appending("out").string
    try fixture.shell("mkdir -p '\(out)/old'")
    #expect(try fixture.appc("image", "render", "--with", "--", base, out).status == 254)
    #expect(try fixture.appc("image", "render", "--overwrite", "--with", "--", web, out).status == 254)
    #expect(fixture.exists("out/old"))
    #expect(try fixture.appc("image", "render", "--overwrite", "--with", "--", base, out).status == 0)
    #expect(try !fixture.exists("out/old") && fixture.exists("out/manifest") && fixture.hidden().isEmpty)
  }

  @Test(
    "is refused when it is not clear what is to be rendered",
    arguments: [["image.aci"], ["a.aci", "b.aci", "dir"], ["--with"], ["--with", "--", "dir"]])
  func refusals(arguments: [String]) throws {
    let result = try CommandFixture().appc(["image", "render"] + arguments)
    #expect(result.status == 254 && result.error.split(separator: "\n").count == 1, "\(result.error)")
  }
}
