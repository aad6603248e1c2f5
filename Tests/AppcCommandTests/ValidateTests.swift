import AppcEngine
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("appc validate")
struct ValidateTests {
  private static let manifest = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a"}"#
  private static let tolerated = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a--b"}"#

  private func json(_ result: CommandFixture.Result) throws -> [JSONValue] {
    try #require(JSONValue.parse(Array(result.output.utf8)).array)
  }

  @Test("says of each file that it is valid, and what it is, in one line")
  func valid() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let layout = fixture.directory.appending("image").string
    let id = String(try fixture.appc("image", "import", image).output.dropLast())
    let result = try fixture.appc("validate", image, layout, layout + "/manifest")
    #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
    #expect(
      result.output == """
        \(image): valid image example.com/busybox:1.0 \(id)
        \(layout): valid layout example.com/busybox:1.0 \(id)
        \(layout)/manifest: valid image manifest example.com/busybox:1.0

        """)
    #expect(try fixture.appc("validate", "--quiet", image).output.isEmpty)
  }

  @Test(
    "tells how it and its neighbours are used",
    arguments: [["validate"], ["cat-manifest"], ["manifest", "upgrade"]])
  func help(command: [String]) throws {
    let result = try CommandFixture().appc(["help"] + command)
    #expect(
      result.status == 0 && result.output.contains("USAGE: appc \(command.joined(separator: " "))"),
      "\(result.error)")
  }

  @Test("goes on to the next file; ends with 1 if one is not valid, and 254 if one could not be read")
  func statuses() throws {
    let fixture = try CommandFixture()
    let (good, bad) = (fixture.directory.appending("good"), fixture.directory.appending("bad"))
    try fixture.write(Self.manifest, to: good)
    try fixture.write("{}", to: bad)
    let pipe = fixture.directory.appending("pipe").string
    try #require(mkfifo(pipe, 0o600) == 0)
    let invalid = try fixture.appc("validate", bad.string, good.string)
    #expect(invalid.status == 1)
    #expect(invalid.output == "\(bad): invalid manifest, 1 error\n\(good): valid image manifest ex/a\n")
    #expect(invalid.error.hasPrefix("\(bad): error: $.acKind (A5): "), "\(invalid.error)")
    for missing in [pipe, "/dev/zero", "nope"] {
      let unread = try fixture.appc("validate", missing, bad.string, good.string)
      #expect(unread.status == 254 && unread.output == invalid.output)
      #expect(unread.error.hasPrefix("appc: opening \(missing): "))
    }
    let quiet = try fixture.appc("validate", "--quiet", bad.string, good.string)
    #expect(quiet.status == 1 && quiet.output.isEmpty && quiet.error == invalid.error)
  }

  @Test("warns of what readers tolerate, and with --strict refuses it")
  func strict() throws {
    let fixture = try CommandFixture()
    let file = fixture.directory.appending("m").string
    try fixture.write(Self.tolerated, to: FilePath(file))
    let tolerant = try fixture.appc("validate", file)
    #expect(tolerant.status == 0 && tolerant.error.contains("warning: $.name (A1): "), "\(tolerant.error)")
    #expect(try fixture.appc("validate", "--quiet", file).error.isEmpty)
    let strict = try fixture.appc("validate", "--strict", file)
    #expect(strict.status == 1 && strict.error.contains("error: $.name (A1): "), "\(strict.error)")
  }

  @Test("takes the type that it is told, by actool's names too")
  func types() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let layout = fixture.directory.appending("image").string
    for (type, file) in [
      ("image", image), ("appimage", image), ("layout", layout), ("manifest", layout + "/manifest"),
    ] {
      #expect(try fixture.appc("validate", "--type", type, file).status == 0)
      #expect(try fixture.appc("validate", "--type=\(type)", "/dev/shm", "/etc/hostname").status == 1)
    }
    let bogus = try fixture.appc("validate", "--type=bogus", image)
    #expect(bogus.status == 254 && bogus.error.contains("bogus"))
    #expect(try fixture.appc("validate").status == 254)
  }

  @Test("reads a manifest from standard input, and an image when told so")
  func standardInput() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let feed = ["sh", "-c", #"cat "$0" | exec "$@""#]
    let manifest = try fixture.appc(
      ["validate", "-"], prefix: feed + [image.replacing("busybox.aci", with: "image/manifest")])
    #expect(manifest.output == "-: valid image manifest example.com/busybox:1.0\n", "\(manifest.error)")
    let read = try fixture.appc(["validate", "--type", "image", "-"], prefix: feed + [image])
    #expect(read.output.hasPrefix("-: valid image example.com/busybox:1.0 sha512-"), "\(read.error)")
  }

  @Test("prints one JSON array with an object for each file, whatever becomes of it")
  func jsonArray() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let bad = fixture.directory.appending("bad").string
    try fixture.write(
      "{\n\"acKind\": \"PodManifest\", \"acVersion\": \"0.8.11\", \"apps\": 1\n}", to: FilePath(bad))
    let result = try fixture.appc("validate", "--json", image, "nope", bad)
    #expect(result.status == 254)
    let objects = try json(result)
    #expect(objects.map { $0["file"]?.string } == [image, "nope", bad])
    #expect(objects.map { $0["valid"] } == [true, .null, false])
    #expect(objects.map { $0["type"]?.string } == ["image", nil, "manifest"])
    #expect(Set(objects.map { $0.object?.map(\.key) }).count == 1)
    let id = try #require(objects[0]["imageID"]?.string)
    #expect(try fixture.appc("image", "import", image).output == id + "\n")
    let problem = try #require(objects[2]["diagnostics"]?.array?.first)
    #expect(problem["severity"]?.string == "error" && problem["rule"]?.string == "L2")
    #expect(problem["path"]?.string == "$.apps" && problem["line"]?.number?.integer() == 2)
  }

  @Test("shows the line of the manifest with a caret under what is wrong")
  func excerpt() throws {
    let fixture = try CommandFixture()
    let file = fixture.directory.appending("m")
    try fixture.write(#"{"acKind":"ImageManifest",}"#, to: file)
    let result = try fixture.appc("validate", file.string)
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("\(file):1:26: error: $ (D0): "), "\(result.error)")
    #expect(lines.dropFirst() == [#"  {"acKind":"ImageManifest",}"#, "                           ^"])
  }

  @Test(
    "--reified finds a pod's images among the files and in the store that is named, and tells what is missing"
  )
  func reified() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let id = String(try fixture.appc("image", "import", image).output.dropLast())
    let pod = fixture.directory.appending("pod")
    let app = #"{"name":"a","image":{"id":"\#(id)"},"mounts":[{"volume":"v","path":"/v"}]}"#
    try fixture.write(
      #"{"acKind":"PodManifest","acVersion":"0.8.11","apps":[\#(app)]}"#, to: pod)
    #expect(try fixture.appc("validate", pod.string).status == 0)
    // The fixture names its store.
    let result = try fixture.appc("validate", "--reified", pod.string)
    #expect(
      result.status == 1 && result.error.contains("error: $.apps[0].mounts[0] (K6): "), "\(result.error)")
    #expect(!result.error.contains("not at hand"))
    #expect(try fixture.appc("image", "rm", id).status == 0)
    #expect(try fixture.appc("validate", "--reified", pod.string).error.contains("not at hand"))
    let both = try fixture.appc("validate", "--reified", pod.string, image)
    #expect(!both.error.contains("not at hand") && both.output.hasPrefix("\(pod): invalid"))
  }

  @Test("a result that cannot be written is an error in one line")
  func fullOutput() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout()
    let result = try fixture.appc(
      ["validate", layout.appending("manifest").string],
      prefix: ["/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"])
    #expect(result.status == 254)
    #expect(result.error == "appc: writing standard output: No space left on device\n")
  }

  @Test("refuses a manifest of 512 MiB in little memory, by itself, in a layout, in an image and from a pipe")
  func largeManifest() throws {
    let fixture = try CommandFixture()
    let out = fixture.directory.string
    try fixture.shell("mkdir -p '\(out)/l/rootfs' && truncate -s 512M '\(out)/l/manifest'")
    var entry = RawTar.Entry("manifest")
    entry.declaredSize = 512 << 20
    let image = try FileDescriptor.open(
      FilePath(out + "/i.aci"), .writeOnly, options: .create, permissions: .ownerReadWrite)
    try image.closeAfter { _ = try image.writeAll(RawTar([entry]).bytes) }
    let pipe = ["sh", "-c", #"cat "$0" | exec "$@""#, out + "/l/manifest"]

    let (result, isSmall) = try fixture.measured(
      ["validate", out + "/l/manifest", out + "/l", out + "/i.aci", "-"], prefix: pipe)
    #expect(result.status == 1, "\(result.error)")
    #expect(result.output.split(separator: "\n").count { $0.contains(": invalid ") } == 4, "\(result.output)")
    #expect(result.error.split(separator: "\n").count { $0.contains("larger than 8388608 bytes") } == 3)
    #expect(isSmall)
    let cat = try fixture.measured(["cat-manifest", out + "/l"], prefix: [])
    #expect(cat.result.status == 254 && cat.result.output.isEmpty && cat.isSmall)
  }
}

extension CommandFixture {
  /// Runs the command to its end, and tells whether it and what it waited for stayed below 256 MiB.
  ///
  /// What the kernel knows of a process begins with the peak of the one that started it, whose memory it shares until
  /// it executes. Where that is more than 256 MiB, under the thread sanitizer, that peak is the bound; a manifest of
  /// 512 MiB that is read would still be beyond it.
  fileprivate func measured(
    _ arguments: [String], prefix: [String]
  ) throws -> (result: Result, isSmall: Bool) {
    let started = try start(arguments, prefix: prefix)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(started.pid, &status, 0, &usage) < 0 && errno == EINTR {}
    var own = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &own)
    let result = Result(
      status: (status >> 8) & 0xff, output: try text(of: started.output), error: try text(of: started.error))
    return (result, usage.ru_maxrss < 256 << 10 || usage.ru_maxrss <= own.ru_maxrss)
  }
}
