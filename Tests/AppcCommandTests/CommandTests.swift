import AppcEngine
import AppcSchema
import Glibc
import SystemPackage
import Testing

@testable import appc

@Suite("appc")
struct CommandTests {
  @Test("without a command shows its help and ends with 2, as rkt does")
  func noCommand() throws {
    let result = try CommandFixture().appc([])
    #expect(result.status == 2)
    #expect(result.error.contains("SUBCOMMANDS"))
  }

  @Test("tells its version, and helps with every command")
  func help() throws {
    let fixture = try CommandFixture()
    let version = try fixture.appc("version")
    #expect(version.output == "appc version \(Version.current)\nappc specification 0.8.11\n")
    for command in [["build"], ["image"], ["image", "list"], ["run"], ["list"], ["status"], ["rm"], ["gc"]] {
      let result = try fixture.appc(["help"] + command)
      #expect(result.status == 0 && result.output.contains("USAGE"), "\(command): \(result.error)")
    }
  }

  @Test(
    "refuses what it does not know in one line, with 254",
    arguments: [
      ["frob"], ["image", "frob"], ["list", "--frob"], ["gc", "--grace-period", "soon"], ["rm"],
      ["status", "nope"], ["rm", "nope"], ["image", "rm", "nope"], ["image", "list", "--fields", "x"],
    ])
  func unknown(arguments: [String]) throws {
    let result = try CommandFixture().appc(arguments)
    #expect(result.status == 254)
    #expect(result.error.hasPrefix("appc: "))
    #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
  }

  @Test("builds the same image from the same tree, whatever the compression")
  func deterministic() throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout().string
    let out = fixture.directory.string
    let first = try fixture.appc("build", layout, out + "/1.aci")
    let second = try fixture.appc("build", layout, out + "/2.aci")
    let plain = try fixture.appc("build", "--compression=none", layout, out + "/3.aci")
    #expect(first.status == 0 && first.output.hasPrefix("sha512-"), "\(first.error)")
    #expect(first.output == second.output && first.output == plain.output)
    #expect(system("cmp -s \(out)/1.aci \(out)/2.aci && ! cmp -s \(out)/1.aci \(out)/3.aci") == 0)
    #expect(system("test \"$(tar -tf \(out)/3.aci | head -1)\" = manifest") == 0)
    #expect(
      system("test \"sha512-$(sha512sum < \(out)/3.aci | cut -d' ' -f1)\" = \(first.output.dropLast())") == 0)
  }

  @Test(
    "refuses to build what is no layout, and leaves no output",
    arguments: ["missing", "badManifest", "noRootfs", "suffix"])
  func badLayout(kind: String) throws {
    let fixture = try CommandFixture()
    let layout = try fixture.makeLayout().string
    var output = fixture.directory.appending("out.aci").string
    switch kind {
    case "missing": try fixture.shell("rm -rf '\(layout)'")
    case "badManifest":
      try fixture.write("{\"acKind\": \"ImageManifest\",}", to: FilePath(layout).appending("manifest"))
    case "noRootfs": try fixture.shell("rm -rf '\(layout)/rootfs'")
    default: output = fixture.directory.appending("out.tar").string
    }
    let result = try fixture.appc("build", layout, output)
    #expect(result.status == 254 && result.error.split(separator: "\n").count == 1, "\(result.error)")
    #expect(access(output, F_OK) != 0)
    #expect(
      try fixture.names(in: fixture.directory).filter { $0.contains("tmp") || $0.hasPrefix(".") }.isEmpty)
  }

  @Test("imports, lists, shows, exports, extracts and removes an image")
  func images() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let id = String(try fixture.appc("image", "import", image).output.dropLast())
    #expect(try ImageID(id).description == id)
    #expect(try fixture.appc("image", "import", image).output == id + "\n")

    let list = try fixture.appc("image", "list")
    #expect(list.output.split(separator: "\n").count == 2)
    #expect(list.output.hasPrefix("ID"))
    #expect(
      try fixture.appc("image", "list", "--no-legend", "--fields", "name").output
        == "example.com/busybox:1.0\n")
    #expect(try fixture.appc("image", "list", "--full", "--no-legend", "--fields=id").output == id + "\n")
    let json = try JSONValue.parse(
      Array(try fixture.appc("image", "list", "--format=json").output.utf8.dropLast()))
    #expect(json.array?.count == 1 && json.array?[0]["id"]?.string == id)

    let manifest = try fixture.appc("image", "cat-manifest", "example.com/busybox").output
    #expect(try ImageManifest.read(Array(manifest.utf8)).value.name == "example.com/busybox")

    let out = fixture.directory.string
    #expect(try fixture.appc("image", "export", id, out + "/exported.aci").status == 0)
    #expect(try fixture.appc("image", "export", id, out + "/exported.aci").status == 254)
    #expect(system("test \"sha512-$(sha512sum < \(out)/exported.aci | cut -d' ' -f1)\" = \(id)") == 0)
    #expect(try fixture.appc("image", "extract", id, out + "/layout").status == 0)
    #expect(try fixture.appc("image", "extract", "--rootfs-only", image, out + "/tree").status == 0)
    #expect(try fixture.appc("image", "extract", image, out + "/tree").status == 254)
    #expect(
      system(
        "test -f \(out)/layout/manifest && diff -r \(out)/layout/rootfs \(out)/tree && diff -r \(out)/tree \(out)/image/rootfs"
      ) == 0)

    #expect(try fixture.appc("image", "rm", id).output == id + "\n")
    #expect(try fixture.appc("image", "list", "--no-legend").output == "")
    #expect(try fixture.appc("image", "rm", id).status == 254)
  }

  @Test("lists pods, tells their status, and removes them", .needsRoot)
  func pods() throws {
    let fixture = try CommandFixture()
    let file = fixture.directory.appending("uuid").string
    let image = try fixture.makeImage().string
    #expect(try fixture.appc("run", "--uuid-file-save=\(file)", image, "--", "-c", "exit 3").status == 3)
    let uuid = String(try fixture.text(of: FilePath(file)).dropLast())
    let list = try fixture.appc("list", "--full").output.split(separator: "\n")
    #expect(list.count == 2 && list[1].hasPrefix(uuid) && list[1].contains("exited"))
    let status = try fixture.appc("status", String(uuid.prefix(8))).output
    #expect(status.contains("state=exited\n") && status.contains("app-busybox=3\n"))
    #expect(try fixture.appc("status", "--uuid-file", file).output == status)
    let json = try JSONValue.parse(Array(try fixture.appc("list", "--format=json").output.utf8.dropLast()))
    #expect(json.array?[0]["exit_status"]?.number?.integer(as: Int.self) == 3)
    #expect(try fixture.appc("gc").output == "")
    #expect(try fixture.appc("rm", uuid).output == uuid + "\n")
    #expect(try fixture.appc("list", "--no-legend").output == "")
  }

  @Test("does not read the configuration for its data directory when --dir is given")
  func configuration() throws {
    let fixture = try CommandFixture()
    let config = fixture.directory.appending("config")
    try fixture.shell("mkdir -p '\(config)/paths.d'")
    try fixture.write(
      "{\"rktKind\": \"paths\", \"rktVersion\": \"v1\", \"data\": \"\(fixture.directory)/other\"}",
      to: config.appending("paths.d/10.json"))
    // The fixture gives --dir, so the configured one is not touched.
    #expect(try fixture.appc("list", "--local-config", config.string).status == 0)
    #expect(access(fixture.directory.appending("other").string, F_OK) != 0)
    try fixture.write(
      "{\"rktKind\": \"paths\", \"rktVersion\": \"v2\"}", to: config.appending("paths.d/20.json"))
    #expect(try fixture.appc("list", "--local-config", config.string).status == 0)
  }
}

@Suite("Text for people")
struct HumanTextTests {
  @Test(
    "sizes",
    arguments: [
      (0, "0B"), (1023, "1023B"), (1024, "1KiB"), (1536, "1.5KiB"), (10_240, "10KiB"),
      (203_800_000, "194MiB"), (.max, "8EiB"),
    ] as [(Int64, String)])
  func sizes(bytes: Int64, text: String) { #expect(HumanText.size(bytes) == text) }

  @Test(
    "ages",
    arguments: [
      (0, "now"), (1, "1 second ago"), (59, "59 seconds ago"), (60, "1 minute ago"), (7200, "2 hours ago"),
      (-5, "now"),
    ] as [(Int64, String)])
  func ages(age: Int64, text: String) { #expect(HumanText.ago(1000 - age, now: 1000) == text) }

  @Test(
    "durations as Go writes them",
    arguments: [
      ("30m", 1800), ("1h30m", 5400), ("0", 0), ("0s", 0), ("250ms", 1), ("24h", 86400), ("", nil),
      ("5", nil), ("m", nil), ("-1s", nil),
    ] as [(String, Int64?)])
  func durations(text: String, seconds: Int64?) { #expect(HumanText.seconds(parsing: text) == seconds) }

  @Test("columns are as wide as their widest cell, without trailing blanks")
  func table() {
    var table = Table()
    table.add(["A", "BB", ""])
    table.add(["longer", "b", "c"])
    #expect(table.text == "A       BB\nlonger  b   c\n")
  }

  @Test("global options move behind the command, whatever their form")
  func globalOptions() {
    #expect(
      GlobalOptions.movedBehindCommand(["--dir", "/x", "--debug", "run", "i"]) == [
        "run", "--dir", "/x", "--debug", "i",
      ])
    #expect(
      GlobalOptions.movedBehindCommand(["--dir=/x", "image", "list", "-v"]) == [
        "image", "list", "--dir=/x", "-v",
      ])
    #expect(GlobalOptions.movedBehindCommand(["--help"]) == ["--help"])
  }
}

@Suite("The grammar of appc run")
struct RunArgumentsTests {
  @Test("options before an image are the pod's, those behind it the app's")
  func scopes() throws {
    let parsed = try RunArguments([
      "--set-env=A=1", "--debug", "x.aci", "--set-env", "B=2", "--name=one", "--", "-c", "--name", "---",
      "y.aci", "--name", "two",
      "--dir=/d",
    ])
    #expect(parsed.request.environment.map(\.name) == ["A"])
    #expect(parsed.request.apps.map { $0.name?.description } == ["one", "two"])
    #expect(parsed.request.apps[0].environment.map(\.value) == ["2"])
    #expect(parsed.request.apps[0].arguments == ["-c", "--name"])
    #expect(parsed.global.debug && parsed.global.dir == "/d")
  }

  @Test("the value of an option may hold anything, equal signs and non-ASCII text included")
  func values() throws {
    let parsed = try RunArguments(["x.aci", "--set-env=A=b=c=\u{e9}", "--environment", "E="])
    #expect(parsed.request.apps[0].environment.map(\.value) == ["b=c=\u{e9}", ""])
  }

  @Test(
    "is refused when it makes no sense",
    arguments: [
      ["--"], ["x.aci", "---"], ["x.aci", "--name"], ["x.aci", "--interactive=perhaps"],
      ["--name", "n", "x.aci"], ["x.aci", "--memory", "-1"], ["--interactive", "x.aci", "y.aci"],
      ["--volume", "v:relative", "x.aci"], ["--net=cni", "x.aci"],
    ])
  func refusals(arguments: [String]) {
    #expect(throws: (any Error).self) { try RunArguments(arguments) }
  }
}
