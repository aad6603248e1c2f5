import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc run", .needsRoot)
struct RunCommandTests {
  @Test("ends with the exit status of the app")
  func status() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    #expect(try fixture.appc("run", image, "--exec", "/bin/sh", "--", "-c", "exit 7").status == 7)
    #expect(try fixture.appc("run", image, "--", "-c", "kill -9 $$").status == 137)
    #expect(try fixture.appc("run", image, "--exec", "/bin/true").status == 0)
  }

  @Test("takes an image by file, ID, prefix, and name with and without version")
  func references() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let id = try fixture.appc("image", "import", image).output.split(separator: "\n").map(String.init)[0]
    for reference in [
      image, id, String(id.prefix(12)), "example.com/busybox", "example.com/busybox:1.0",
      "example.com/busybox,version=1.0",
    ] {
      let result = try fixture.appc("run", reference, "--", "-c", "echo $FROM")
      #expect(result.output == "image\n" && result.status == 0, "\(reference): \(result.error)")
    }
  }

  @Test("gives each app its own options and arguments, and shares a volume among them")
  func severalApps() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let result = try fixture.appc(
      "run", "--volume=data,kind=empty", "--mount", "volume=data,target=/data", "--set-env=ALL=all",
      image, "--name=writer", "--set-env", "ONE=one", "--", "-c",
      "echo $ALL$ONE-$FROM > /data/x; echo $AC_APP_NAME", "---",
      image, "--name=reader", "--user=5", "--", "-c",
      "while ! test -s /data/x; do sleep 0.01; done; cat /data/x; id -u; echo $ALL$ONE; exit 4")
    #expect(result.status == 4)
    #expect(Set(result.output.split(separator: "\n")) == ["writer", "allone-image", "5", "all"])
  }

  @Test("keeps standard output and standard error apart, exactly")
  func streams() throws {
    let fixture = try CommandFixture()
    let result = try fixture.appc(
      "run", try fixture.makeImage().string, "--", "-c", "printf 'a\\n\\nb'; printf oops >&2")
    #expect(result.output == "a\n\nb")
    #expect(result.error == "oops")
  }

  @Test("accepts Rocket's spellings: -volume=, name:/path and bind:/path")
  func oldSpellings() throws {
    let fixture = try CommandFixture()
    let manifest = """
      {"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/busybox",
       "app": {"exec": ["/bin/cat", "/data/file"], "user": "0", "group": "0", "mountPoints": [{"name": "data", "path": "/data"}]}}
      """
    let image = fixture.directory.appending("old.aci").string
    _ = try fixture.appc("build", try fixture.makeLayout("old", manifest: manifest).string, image)
    try fixture.shell(
      "mkdir '\(fixture.directory)/volume' && echo content > '\(fixture.directory)/volume/file'")
    let source = "\(fixture.directory)/volume"
    for option in [
      "-volume=data,kind=host,source=\(source)", "--volume=data:\(source)", "--volume=bind:\(source)",
    ] {
      let result = try fixture.appc("run", option, image)
      #expect(result.output == "content\n", "\(option): \(result.error)")
    }
  }

  @Test("runs the new content of an image that was rebuilt under the same version")
  func rebuilt() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    #expect(try fixture.appc("run", image, "--", "-c", "cat /etc/new || echo old").output == "old\n")
    try fixture.write("new\n", to: fixture.directory.appending("image/rootfs/etc/new"))
    #expect(try fixture.appc("build", "\(fixture.directory)/image", image).status == 254)
    #expect(try fixture.appc("build", "--overwrite", "\(fixture.directory)/image", image).status == 0)
    #expect(try fixture.appc("run", image, "--", "-c", "cat /etc/new || echo old").output == "new\n")
  }

  @Test("says in one line what is wrong, ends with 254, and leaves nothing of a pod")
  func refusals() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let cut = fixture.directory.appending("cut.aci").string
    try fixture.shell("head -c 300000 '\(image)' > '\(cut)'")
    let cases: [([String], String)] = [
      (["no/such:name"], "no/such"),
      (["sha512-aa"], "sha512-aa"),
      (["/no/such.aci"], "/no/such.aci"),
      ([cut], "cut.aci"),
      ([image, "--exec", "/nope"], "/nope"),
      ([image, "--user", "nobody-here"], "nobody-here"),
      (["--volume", "v,kind=host,source=/no/such", "--mount", "volume=v,target=/v", image], "/no/such"),
      (["--volume", "v,kind=what", image], "what"),
      ([image, image], "--name"),
      (["--exec", "/bin/sh", image], "--exec must follow an image"),
      (["--frobnicate", image], "--frobnicate"),
      (["https://example.com/x.aci"], "fetch"),
      (["--insecure-options=nothing", image], "nothing"),
      ([], "image"),
    ]
    for (arguments, word) in cases {
      let result = try fixture.appc(["run"] + arguments)
      #expect(result.status == 254, "\(arguments)")
      #expect(result.error.contains(word), "\(arguments): \(result.error)")
      #expect(result.error.split(separator: "\n").count == 1, "\(arguments): \(result.error)")
      #expect(result.output == "")
    }
    #expect(try fixture.leftovers().isEmpty)
    #expect(try fixture.names(in: fixture.data.appending("tmp")).isEmpty)
  }

  @Test("needs root, and says so in one line")
  func ordinaryUser() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    try fixture.shell(
      "chmod 755 '\(fixture.directory)'; mkdir -m 700 '\(fixture.data)' 2>/dev/null; chown -R 65534:65534 '\(fixture.directory)'"
    )
    let result = try fixture.appc(
      "run", image, prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
    #expect(result.status == 254)
    #expect(result.error.contains("root"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
  }

  @Test("passes SIGTERM and SIGINT on", arguments: [SIGTERM, SIGINT])
  func signals(signal: Int32) throws {
    let fixture = try CommandFixture()
    let script = "trap 'echo got; exit 9' TERM INT; echo ready; while :; do sleep 0.01; done"
    let started = try fixture.start(["run", try fixture.makeImage().string, "--", "-c", script])
    while try !fixture.text(of: started.output).contains("ready") { usleep(2000) }
    kill(started.pid, signal)
    var status: Int32 = 0
    waitpid(started.pid, &status, 0)
    #expect(status == 9 << 8)
    #expect(try fixture.text(of: started.output) == "ready\ngot\n")
  }

  @Test("passes no signal on that its caller has it ignore, as nohup does")
  func ignoredSignal() throws {
    let fixture = try CommandFixture()
    let script = "trap 'echo got; exit 9' TERM; echo ready; while :; do sleep 0.01; done"
    let started = try fixture.start(
      ["run", try fixture.makeImage().string, "--", "-c", script], prefix: ["nohup"])
    while try !fixture.text(of: started.output).contains("ready") { usleep(2000) }
    kill(started.pid, SIGHUP)
    usleep(100_000)
    kill(started.pid, SIGTERM)
    var status: Int32 = 0
    waitpid(started.pid, &status, 0)
    #expect(status == 9 << 8)
  }

  @Test("killed with SIGKILL takes every process of the pod with it within a second")
  func killed() throws {
    let fixture = try CommandFixture()
    let started = try fixture.start([
      "run", try fixture.makeImage().string, "--", "-c", "sleep 1000 & echo ready; sleep 1000",
    ])
    while try !fixture.text(of: started.output).contains("ready") { usleep(2000) }
    // The app may be ready before the launcher has written down who pid 1 is.
    var found = try? podInit(fixture)
    for _ in 0..<1000 where found == nil {
      usleep(10_000)
      found = try? podInit(fixture)
    }
    let pid = try #require(found)
    kill(started.pid, SIGKILL)
    var status: Int32 = 0
    waitpid(started.pid, &status, 0)
    var waited = 0
    while isRunning(pid, fixture), waited < 1000 {
      usleep(10_000)
      waited += 10
    }
    #expect(!isRunning(pid, fixture))
    #expect(try fixture.appc("list", "--no-legend").output.contains("exited"))
    #expect(try fixture.appc("gc", "--grace-period=0").output.contains("removed"))
    #expect(try fixture.leftovers().isEmpty)
  }

  /// A zombie has ended: whoever inherited it has not asked yet.
  private func isRunning(_ pid: String, _ fixture: CommandFixture) -> Bool {
    guard let stat = try? fixture.text(of: FilePath("/proc/\(pid)/stat")) else { return false }
    return stat.split(separator: ")").last?.hasPrefix(" Z") == false
  }

  private func podInit(_ fixture: CommandFixture) throws -> String? {
    for uuid in try fixture.names(in: fixture.data.appending("pods/run")) {
      let text = try fixture.text(of: fixture.data.appending("pods/run/\(uuid)/pid"))
      return text.split(separator: "\n").first.map(String.init)
    }
    return nil
  }

  @Test("killed at any moment leaves nothing that one gc does not take")
  func killedAnywhere() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    let id = try fixture.appc("image", "import", image).output.split(separator: "\n").map(String.init)[0]
    let count = getenv("APPC_KILLS").flatMap { Int(String(cString: $0)) } ?? 40
    for round in 0..<count {
      let started = try fixture.start(["run", id, "--exec", "/bin/true"])
      usleep(UInt32(round * 797 % 30_000))
      kill(started.pid, SIGKILL)
      var status: Int32 = 0
      waitpid(started.pid, &status, 0)
    }
    usleep(500_000)
    let collected = try fixture.appc("gc", "--grace-period=0")
    #expect(collected.status == 0, "\(collected.error)")
    #expect(try fixture.leftovers().isEmpty)
    let mounts = try fixture.text(of: "/proc/self/mountinfo")
    #expect(!mounts.contains("\(fixture.directory)"))
  }

  @Test("on a full disk says so, and leaves nothing")
  func fullDisk() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeImage().string
    try fixture.shell(
      "mkdir -m 700 '\(fixture.data)' && mount -t tmpfs -o size=1m,mode=700 none '\(fixture.data)'")
    defer { umount2(fixture.data.string, Int32(MNT_DETACH)) }
    let result = try fixture.appc("run", image)
    #expect(result.status == 254)
    #expect(result.error.contains("space") || result.error.contains("full"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(try fixture.names(in: fixture.data.appending("tmp")).isEmpty)
    #expect(try fixture.leftovers().isEmpty)
  }
}
