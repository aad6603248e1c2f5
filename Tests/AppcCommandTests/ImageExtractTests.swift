import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc image extract")
struct ImageExtractTests {
  @Test(
    "takes a file, standard input, an ID, a prefix and a name, and makes a data directory for none of the files"
  )
  func references() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a/b": "hello\n"])
    let (out, id) = (fixture.directory.string, try fixture.importImage(image))
    try fixture.shell("rm -rf '\(fixture.data)'")
    for (number, arguments) in [[image.string], ["-"]].enumerated() {
      let result = try fixture.appc(
        ["image", "extract"] + arguments + ["\(out)/file-\(number)"], input: image)
      #expect(result.status == 0 && result.output.isEmpty, "\(result.error)")
      try fixture.shell("diff -r '\(out)/web-1' '\(out)/file-\(number)'")
    }
    #expect(access(fixture.data.string, F_OK) != 0)
    #expect(try fixture.importImage(image) == id)
    for (number, reference) in [id, String(id.prefix(12)), "example.com/web", "example.com/web:1"]
      .enumerated()
    {
      let result = try fixture.appc("image", "extract", reference, "\(out)/stored-\(number)")
      #expect(result.status == 0, "\(reference): \(result.error)")
      try fixture.shell("diff -r '\(out)/web-1' '\(out)/stored-\(number)'")
    }
  }

  @Test("computes the image ID when asked, and notices a stored image that was changed on the disk")
  func verify() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a": "hello"])
    let (out, id) = (fixture.directory.string, try fixture.importImage(image))
    #expect(try fixture.appc("image", "extract", "--verify", image.string, "\(out)/x").output == id + "\n")
    #expect(try fixture.appc("image", "extract", "--verify", id, "\(out)/y").output == id + "\n")
    try fixture.damage(id, "s/hello/jello/")
    #expect(try fixture.appc("image", "extract", id, "\(out)/unchecked").status == 0)
    let result = try fixture.appc("image", "extract", "--verify", id, "\(out)/z")
    #expect(result.status == 254 && result.error.contains("changed on the disk"), "\(result.error)")
    #expect(try !fixture.exists("z") && fixture.hidden().isEmpty)
  }

  @Test("replaces a directory only when asked, only when it succeeds, and nothing but a directory")
  func overwrite() throws {
    let fixture = try CommandFixture()
    let out = fixture.directory.string
    let image = try fixture.makeSmallImage("web", files: ["new": "new"]).string
    try fixture.shell("mkdir -p '\(out)/t/old/older' && touch '\(out)/t/old/older/file' '\(out)/plain'")
    #expect(try fixture.appc("image", "extract", image, "\(out)/t").status == 254)
    try fixture.shell(
      "head -c 600 '\(image)' > '\(out)/broken.aci' || true; truncate -s -20 '\(out)/broken.aci'")
    #expect(
      try fixture.appc("image", "extract", "--overwrite", "\(out)/broken.aci", "\(out)/t").status == 254)
    #expect(fixture.exists("t/old/older/file"))
    #expect(try fixture.appc("image", "extract", "--overwrite", image, "\(out)/plain").status == 254)
    #expect(try fixture.appc("image", "extract", "--overwrite", image, "\(out)/t").status == 0)
    #expect(fixture.exists("t/rootfs/new") && !fixture.exists("t/old"))
    #expect(
      try fixture.appc("image", "extract", "--overwrite", "--rootfs-only", image, "\(out)/t").status == 0)
    #expect(fixture.exists("t/new") && !fixture.exists("t/manifest"))
    #expect(try fixture.hidden().isEmpty)
  }

  @Test("gives files to the caller where that is asked, and says what it left out", .needsRoot)
  func ownersAndDevices() throws {
    let fixture = try CommandFixture()
    let out = fixture.directory.string
    let layout = try fixture.makeLayout()
    try fixture.shell("touch '\(layout)/rootfs/f' && chown 77:88 '\(layout)/rootfs/f'")
    try fixture.shell("mknod '\(layout)/rootfs/null' c 1 3")
    let image = "\(out)/devices.aci"
    #expect(try fixture.appc("build", layout.string, image).status == 0)
    let plain = try fixture.appc("image", "extract", image, "\(out)/plain")
    #expect(plain.status == 0 && plain.error == "appc: device nodes left out: 1 (see --devices)\n")
    try fixture.shell("test \"$(stat -c %u:%g '\(out)/plain/rootfs/f')\" = 77:88")
    let mine = try fixture.appc(
      "image", "extract", "--owner=caller", "--devices=create", image, "\(out)/mine")
    #expect(mine.status == 0 && mine.error.isEmpty)
    try fixture.shell(
      "test \"$(stat -c %u:%g '\(out)/mine/rootfs/f')\" = 0:0 && test -c '\(out)/mine/rootfs/null'")
    let refused = try fixture.appc("image", "extract", "--devices", "refuse", image, "\(out)/refused")
    #expect(try refused.status == 254 && !fixture.exists("refused") && fixture.hidden().isEmpty)
  }

  @Test("of another user is that user's, whatever the image says of owners", .needsRoot)
  func otherUser() throws {
    let fixture = try CommandFixture()
    let out = fixture.directory.string
    let layout = try fixture.makeLayout()
    try fixture.shell(
      "mkdir '\(layout)/rootfs/d' && chown 77 '\(layout)/rootfs/d' && chmod 555 '\(layout)/rootfs'")
    #expect(try fixture.appc("build", layout.string, "\(out)/x.aci").status == 0)
    try fixture.shell("mkdir '\(out)/theirs' && chown 4321:4321 '\(out)/theirs'")
    for options in [[], ["--rootfs-only"], ["--rootfs-only", "--overwrite"]] {
      let result = try fixture.appc(
        ["image", "extract"] + options + ["\(out)/x.aci", "\(out)/theirs/t\(min(1, options.count))"],
        prefix: ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups"])
      #expect(result.status == 0, "\(options): \(result.error)")
    }
    try fixture.shell("test -z \"$(find '\(out)/theirs' ! -uid 4321)\"")
    try fixture.shell(
      "test \"$(stat -c %a '\(out)/theirs/t1')\" = 555 && test \"$(ls -A '\(out)/theirs')\" = 't0\nt1'")
  }

  @Test("names the limit that is too low, and takes another", arguments: ["entries=2", "expandedBytes=1K"])
  func limits(limit: String) throws {
    let fixture = try CommandFixture()
    let out = fixture.directory.string
    let image = try fixture.makeSmallImage(
      "web", files: ["a": "b", "c": String(repeating: "d", count: 2000)]
    ).string
    let name = String(limit.prefix { $0 != "=" })
    let refused = try fixture.appc("image", "extract", "--limits", limit, image, "\(out)/r")
    #expect(refused.status == 254 && refused.error.contains("raise \(name)"), "\(refused.error)")
    #expect(refused.error.contains("--limits") && refused.error.split(separator: "\n").count == 1)
    #expect(
      try fixture.appc("image", "extract", "--limits=\(name)=1M,depth=9", image, "\(out)/r").status == 0)
    #expect(try fixture.appc("validate", "--limits", limit, image).status == 1)
    #expect(try fixture.appc("validate", image).status == 0)
    for wrong in ["colour=1", "entries", "entries=0", "entries=many"] {
      #expect(try fixture.appc("image", "extract", "--limits=\(wrong)", image, "\(out)/w").status == 254)
    }
    #expect(try !fixture.exists("w") && fixture.hidden().isEmpty)
  }

  @Test(
    "leaves nothing when a signal ends it, and dies by that signal", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(signal: Int32) throws {
    let fixture = try CommandFixture()
    let out = fixture.directory
    let layout = try fixture.makeLayout()
    try fixture.shell(
      "mkdir '\(layout)/rootfs/many' && cd '\(layout)/rootfs/many' && seq 20000 | xargs touch")
    let image = out.appending("many.aci").string
    #expect(try fixture.appc("build", "--no-compression", layout.string, image).status == 0)
    let started = try fixture.start(["image", "extract", image, out.appending("tree").string])
    // As soon as there is something that could be left.
    while try fixture.hidden().isEmpty, !fixture.exists("tree") { usleep(1000) }
    kill(started.pid, signal)
    #expect(fixture.wait(for: started.pid) & 0x7f == signal)
    #expect(try fixture.hidden().isEmpty)
    #expect(try fixture.text(of: started.error).isEmpty)
  }
}
