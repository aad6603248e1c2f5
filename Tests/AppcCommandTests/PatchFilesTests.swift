import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc patch-manifest: images, layouts and files")
struct PatchFilesTests {
  @Test("a patched image has the ID it prints, imports, and runs what it was told to", .needsRoot)
  func run() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let output = fixture.directory.appending("patched.aci").string
    let patched = try fixture.appc(
      "patch-manifest", image, output, "--name", "example.com/patched", "--label", "version=2",
      "--exec", "/bin/sh -c 'echo $FROM  $MORE; pwd; id -u; exit 3'", "--environment", "FROM=patch",
      "--environment", "MORE=a b", "--working-directory", "/bin", "--user", "7",
      "--isolator", "resource/memory,limit=64M", "--capability", "CAP_KILL")
    #expect(patched.status == 0 && patched.error == "", "\(patched.error)")
    let id = String(patched.output.dropLast())
    #expect(try fixture.appc("image", "import", output).output == id + "\n")
    #expect(try fixture.appc("validate", "--strict", output).status == 0)
    let ran = try fixture.appc("run", "example.com/patched:2")
    #expect(ran.status == 3 && ran.output == "patch a b\n/bin\n7\n", "\(ran.error)")
    let before = fixture.directory.appending("a"), after = fixture.directory.appending("b")
    #expect(try fixture.appc("image", "extract", "--rootfs-only", image, before.string).status == 0)
    #expect(try fixture.appc("image", "extract", "--rootfs-only", output, after.string).status == 0)
    try fixture.shell("diff -r '\(before)' '\(after)'")
  }

  @Test(
    "OUT is needed, ends in .aci, and is not replaced unless told to; after a failure the old one is there")
  func output() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage()
    let output = fixture.directory.appending("out.aci")
    try fixture.write("precious", to: output)
    let before = try fixture.names(in: fixture.directory)
    let broken = fixture.directory.appending("broken.aci")
    try fixture.shell("head -c 300000 '\(image)' > '\(broken)'")
    for (arguments, word) in [
      ([image.string], "--replace"),
      ([image.string, output.string], "--overwrite"),
      ([image.string, output.string, "--overwrite", "--seccomp-set=a"], "--seccomp-mode"),
      ([image.string, output.string, "--overwrite", "--manifest", image.string, "--remove-label=no"], "no"),
      ([broken.string, output.string, "--overwrite", "--name=ex/a"], "broken.aci"),
      ([image.string, output.string, "--replace"], "--replace"),
      ([image.string, "--replace", "--overwrite"], "--overwrite"),
      ([image.string, fixture.directory.appending("out.tar").string], ".aci"),
      ([image.string, "-"], ".aci"),
      ([output.string, "-"], "out.aci"),
      ([fixture.directory.appending("missing").string, "-"], "missing"),
    ] {
      let result = try fixture.appc(["patch-manifest"] + arguments)
      #expect(result.status == 254 && result.error.contains(word), "\(arguments): \(result.error)")
      #expect(result.error.split(separator: "\n").count == 1 && result.output == "", "\(result.error)")
      #expect(try fixture.text(of: output) == "precious")
    }
    let after = try fixture.names(in: fixture.directory).filter {
      !$0.hasPrefix("out-") && !$0.hasPrefix("err-")
    }
    #expect(
      after == (before + ["broken.aci"]).filter { !$0.hasPrefix("out-") && !$0.hasPrefix("err-") }.sorted())
    #expect(try fixture.appc("patch-manifest", image.string, output.string, "--overwrite").status == 0)
    #expect(try fixture.appc("validate", output.string).status == 0)
  }

  @Test("--replace edits an image in place, which keeps its permissions; again, it is the same image")
  func replace() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    try fixture.shell("chmod 600 '\(image)'")
    let first = try fixture.appc("patch-manifest", "--replace", image, "--label=version=9")
    let second = try fixture.appc("patch-manifest", "--replace", "--label=version=9", image)
    #expect(first.status == 0 && first.output == second.output && first.output.hasPrefix("sha512-"))
    let manifest = try fixture.appc("cat-manifest", image).output
    #expect(
      PatchRun.member("labels", of: try JSONValue.parse(manifest)) == #"[{"name":"version","value":"9"}]"#)
    try fixture.shell("test $(stat -c %a '\(image)') = 600")
  }

  @Test("--replace of somebody else's image is refused, for it could not keep its owner", .needsRoot)
  func replaceOfOthers() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    try fixture.shell("chmod 777 '\(fixture.directory)' && cp '\(image)' '\(fixture.directory)/copy'")
    let result = try fixture.appc(
      ["patch-manifest", "--replace", image, "--name=ex/a"],
      prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
    #expect(result.status == 254 && result.error.contains("owner"), "\(result.error)")
    try fixture.shell("cmp '\(fixture.directory)/copy' '\(image)'")
    #expect(try fixture.names(in: fixture.directory).filter { $0.hasPrefix(".") } == [])
  }

  @Test("the compression stays unless --compression or --no-compression says otherwise")
  func compression() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    func isGzip(_ path: String) -> Bool { system("gzip -t < '\(path)' 2> /dev/null") == 0 }
    let plain = fixture.directory.appending("plain.aci").string
    let again = fixture.directory.appending("again.aci").string
    let packed = fixture.directory.appending("packed.aci").string
    #expect(isGzip(image))
    let ids = [
      try fixture.appc("patch-manifest", image, plain, "--no-compression", "--name=ex/a"),
      try fixture.appc("patch-manifest", plain, again, "--name=ex/a"),
      try fixture.appc("patch-manifest", plain, packed, "--compression=gzip", "--name=ex/a"),
    ].map(\.output)
    #expect(!isGzip(plain) && !isGzip(again) && isGzip(packed))
    #expect(Set(ids).count == 1 && ids[0].hasPrefix("sha512-"))
    try fixture.shell("xz -c '\(plain)' > '\(again)'")
    let edited = try fixture.appc("patch-manifest", again, "--replace", "--name=ex/b")
    #expect(edited.status == 0 && system("xz -t < '\(again)'") == 0, "\(edited.error)")
  }

  @Test("a layout is edited in place, or its manifest goes to a file or to standard output")
  func layout() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout()
    let own = layout.appending("manifest")
    let before = try fixture.text(of: own)
    let printed = try fixture.appc("patch-manifest", layout.string, "-", "--label=version=3")
    #expect(printed.output == before.replacing(#""1.0""#, with: #""3""#))
    let file = fixture.directory.appending("new.json")
    #expect(try fixture.appc("patch-manifest", layout.string, file.string, "--label=version=3").output == "")
    #expect(try fixture.text(of: file) == printed.output)
    #expect(try fixture.text(of: own) == before)
    #expect(try fixture.appc("patch-manifest", layout.string, file.string).status == 254)
    #expect(try fixture.appc("patch-manifest", own.string, "\(layout)/x.aci").error.contains("appc build"))
    #expect(try fixture.appc("patch-manifest", "--replace", layout.string, "--label=version=3").status == 0)
    #expect(try fixture.text(of: own) == printed.output)
    #expect(try fixture.names(in: layout) == ["manifest", "rootfs"])
  }

  @Test("--manifest puts another manifest in the place of the old one, then the other options count")
  func manifest() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let file = fixture.directory.appending("other.json")
    try fixture.write(#"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/other","x":1}"#, to: file)
    let output = fixture.directory.appending("out.aci").string
    let result = try fixture.appc(
      "patch-manifest", image, output, "--manifest", file.string, "--exec=/bin/true", "--user=0", "--group=0",
      "--isolators", "os/linux/no-new-privileges,true", "--ports=p,port=1", "--supplementary-groups=5")
    #expect(result.status == 0, "\(result.error)")
    let manifest = try fixture.appc("cat-manifest", output).output
    let expected =
      #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/other","x":1,"app":{"exec":["/bin/true"],"user":"0","group":"0","supplementaryGIDs":[5],"ports":[{"name":"p","protocol":"tcp","port":1,"count":1,"socketActivated":false}],"isolators":[{"name":"os/linux/no-new-privileges","value":true}]}}"#
    #expect(manifest == expected)
    // That of an image, and one from standard input.
    let copied = try fixture.appc("patch-manifest", image, "--replace", "--manifest", output)
    #expect(copied.status == 0 && copied.output == result.output, "\(copied.error)")
    let piped = try fixture.appc(
      ["patch-manifest", output, "--replace", "--manifest", "-"],
      prefix: ["sh", "-c", #"exec "$@" < "$0""#, file.string])
    #expect(piped.status == 0, "\(piped.error)")
    #expect(try fixture.text(of: file) == fixture.appc("cat-manifest", output).output)
  }

  @Test("garbage as --manifest is refused, and a broken manifest is no reason to refuse a good one")
  func brokenManifests() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let before = try fixture.appc("cat-manifest", image).output
    let file = fixture.directory.appending("garbage")
    for text in ["garbage", "", #"{"acKind":"PodManifest","acVersion":"0.8.11","apps":[]}"#] {
      try fixture.write(text, to: file)
      let result = try fixture.appc("patch-manifest", "--replace", image, "--manifest", file.string)
      #expect(result.status == 254 && result.error.hasPrefix("appc: --manifest: "), "\(result.error)")
      #expect(result.error.split(separator: "\n").count == 1)
    }
    #expect(try fixture.appc("cat-manifest", image).output == before)
    let tree = fixture.directory.appending("tree")
    try fixture.shell("mkdir -p '\(tree)/rootfs' && echo '{}' > '\(tree)/manifest'")
    let broken = fixture.directory.appending("broken.aci").string
    try fixture.shell("cd '\(tree)' && tar -cf '\(broken)' manifest rootfs")
    let refused = try fixture.appc("patch-manifest", "--replace", broken, "--name=ex/a")
    #expect(refused.status == 254 && refused.error.contains("--manifest"), "\(refused.error)")
    #expect(try fixture.appc("patch-manifest", "--replace", broken, "--manifest", image).status == 0)
    #expect(try fixture.appc("cat-manifest", broken).output == before)
  }

  @Test("an image without a manifest is refused and stays as it is")
  func noManifest() throws {
    let fixture = try CommandFixture()
    let bare = fixture.directory.appending("bare.aci").string
    try fixture.shell(
      "cd '\(fixture.directory)' && mkdir rootfs && tar -cf '\(bare)' rootfs && cp '\(bare)' old")
    for options in [["--name=ex/a"], ["--manifest", try fixture.makeImage().string]] {
      let result = try fixture.appc(["patch-manifest", "--replace", bare] + options)
      #expect(result.status == 254 && result.error.contains("manifest"), "\(result.error)")
      try fixture.shell("cmp '\(fixture.directory)/old' '\(bare)'")
    }
  }

  @Test("--seccomp-mode on an image without an app is refused")
  func seccompWithoutApp() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout(
      manifest: #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a"}"#)
    let image = fixture.directory.appending("bare.aci").string
    #expect(try fixture.appc("build", layout.string, image).status == 0)
    let result = try fixture.appc(
      "patch-manifest", "--replace", image, "--seccomp-mode=retain", "--seccomp-set=@appc.io/all")
    #expect(result.status == 254 && result.error.contains("the image has no app"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
  }

  @Test("killed at any moment, OUT is there whole or not at all, and nothing lies beside it")
  func killed() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let place = fixture.directory.appending("place")
    try fixture.shell("mkdir '\(place)'")
    let output = place.appending("out.aci").string
    for round in 0..<20 {
      let started = try fixture.start(["patch-manifest", image, output, "--name=ex/a"])
      usleep(UInt32(round * 4000))
      kill(started.pid, SIGKILL)
      var status: Int32 = 0
      waitpid(started.pid, &status, 0)
      let names = try fixture.names(in: place)
      #expect(names.isEmpty || names == ["out.aci"], "\(names)")
      if !names.isEmpty { #expect(try fixture.appc("validate", output).status == 0) }
      unlink(output)
    }
  }
}
