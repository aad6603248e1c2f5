import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc image import and export")
struct ImageTransferTests {
  @Test("imports several files; one that is refused keeps none of the others out")
  func several() throws {
    let fixture = try CommandFixture()
    let web = try fixture.makeSmallImage("web", files: ["a": "b"])
    let base = try fixture.makeSmallImage("db", files: ["c": "d"])
    try fixture.shell("head -c 1000 /dev/zero > '\(fixture.directory)/bad.aci'")
    let bad = fixture.directory.appending("bad.aci").string
    let result = try fixture.appc("image", "import", web.string, bad, "missing.aci", base.string)
    #expect(result.status == 254)
    #expect(result.error.split(separator: "\n").map { $0.hasPrefix("appc: ") } == [true, true])
    let ids = result.output.split(separator: "\n").map(String.init)
    #expect(ids.count == 2)
    let listed = try fixture.appc("image", "list", "--full", "--no-legend", "--fields=id").output
    #expect(Set(listed.split(separator: "\n").map(String.init)) == Set(ids))
  }

  @Test("imports standard input, and refuses what does not have the ID that was expected")
  func input() throws {
    let fixture = try CommandFixture()
    let web = try fixture.makeSmallImage("web", files: ["a": "b"])
    let db = try fixture.makeSmallImage("db", files: ["a": "b"])
    let id = try fixture.importImage(web)
    #expect(try fixture.appc("image", "rm", id).status == 0)
    let wrong = try fixture.appc(["image", "import", "--expect", id, "-"], input: db)
    #expect(wrong.status == 254 && wrong.error.contains(id), "\(wrong.error)")
    #expect(try fixture.appc("image", "list", "--no-legend").output.isEmpty)
    let right = try fixture.appc(["image", "import", "--expect=\(id)", "-"], input: web)
    #expect(right.output == id + "\n", "\(right.error)")
    #expect(try fixture.appc("image", "import", "--expect=sha512-12", web.string).status == 254)
    #expect(try fixture.appc("image", "import", "--expect=\(id)", web.string, db.string).status == 254)
  }

  @Test("ends at once by a signal while it waits for a pipe, also after it has read a file")
  func waiting() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a": "b"])
    let pipe = fixture.directory.appending("pipe")
    try fixture.shell("mkfifo '\(pipe)'")
    // Held open, so that the command waits for bytes that never come.
    let end = open(pipe.string, O_RDWR | O_CLOEXEC)
    defer { close(end) }
    let started = try fixture.start(["image", "import", image.string, "-"], input: pipe)
    while try fixture.text(of: started.output).isEmpty { usleep(1000) }
    usleep(100_000)
    kill(started.pid, SIGINT)
    #expect(fixture.wait(for: started.pid) & 0x7f == SIGINT)
  }

  @Test("ends at the first signal while it waits for another command, and leaves nothing")
  func waitingForLock() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a": "b"])
    let id = try fixture.importImage(image)
    #expect(try fixture.appc("image", "rm", id).status == 0)
    let shard = fixture.data.appending("blobs/sha512").appending(String(id.dropFirst(7).prefix(2)))
    let held = open(shard.string, O_RDONLY | O_CLOEXEC)
    defer { close(held) }
    #expect(flock(held, LOCK_EX) == 0)
    let started = try fixture.start(["image", "import", image.string])
    try waitUntil(started.pid, hasOpen: shard)
    kill(started.pid, SIGINT)
    #expect(fixture.wait(for: started.pid) & 0x7f == SIGINT)
    #expect(try fixture.names(in: fixture.data.appending("images")).isEmpty)
    #expect(try fixture.names(in: fixture.data.appending("tmp")).isEmpty)
  }

  /// Returns when the process has the directory open, or after ten seconds.
  private func waitUntil(_ pid: pid_t, hasOpen directory: FilePath) throws {
    var wanted = stat()
    try #require(lstat(directory.string, &wanted) == 0)
    for _ in 0..<1000 {
      for descriptor in 3..<32 {
        var found = stat()
        guard stat("/proc/\(pid)/fd/\(descriptor)", &found) == 0 else { continue }
        if found.st_dev == wanted.st_dev, found.st_ino == wanted.st_ino { return }
      }
      usleep(10_000)
    }
  }

  @Test("renders what it imports when asked, in whatever order images that depend on each other come")
  func render() throws {
    let fixture = try CommandFixture()
    let web = try fixture.makeSmallImage("web", files: ["a": "b"], dependencies: ["base"])
    let base = try fixture.makeSmallImage("base", files: ["c": "d"])
    let first = try fixture.appc("image", "import", "--render", web.string)
    #expect(
      first.status == 254 && first.output.hasPrefix("sha512-") && first.error.contains("example.com/base"))
    #expect(try fixture.appc("image", "import", "--render", web.string, base.string).status == 0)
    #expect(try fixture.names(in: fixture.data.appending("trees")).count == 2)
  }

  @Test("exports to a file and to standard output what has the image's ID, and no file that is there already")
  func export() throws {
    let fixture = try CommandFixture()
    let id = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "b"]))
    let out = fixture.directory.appending("out.aci").string
    for arguments in [[], ["--overwrite"]] {
      #expect(try fixture.appc(["image", "export"] + arguments + ["example.com/web", out]).status == 0)
      try fixture.shell("test \"sha512-$(sha512sum < '\(out)' | cut -d' ' -f1)\" = '\(id)'")
    }
    #expect(try fixture.appc("image", "export", id, out).status == 254)
    let started = try fixture.start(["image", "export", id, "-"])
    #expect(fixture.wait(for: started.pid) == 0)
    try fixture.shell("cmp '\(out)' '\(started.output)'")
    #expect(try fixture.appc("image", "export", out, out + "2").status == 254)
    #expect(try fixture.hidden().isEmpty)
  }

  @Test("removes what it can, and tells what is not there")
  func remove() throws {
    let fixture = try CommandFixture()
    let web = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "b"]))
    let db = try fixture.importImage(try fixture.makeSmallImage("db", files: ["a": "b"]))
    let result = try fixture.appc("image", "rm", "example.com/web", "sha512-0000", "./file.aci", db)
    #expect(result.status == 254 && result.output == "\(web)\n\(db)\n")
    #expect(result.error.split(separator: "\n").count == 2)
  }
}
