import AppcSchema
import Glibc
import Stage
import SystemPackage
import Testing

@Suite("What cannot start", .needsRoot)
struct RefusalTests {
  /// Expects a refusal with a code and words, and nothing left of the pod.
  private func expectRefusal(
    _ code: StageError.Code, _ words: [String], fixture: PodFixture? = nil,
    _ change: (inout App, inout PodSpecification) -> Void
  ) throws {
    let fixture = try fixture ?? PodFixture()
    var uuid: PodUUID?
    let error = #expect(throws: StageError.self) {
      _ = try fixture.run("echo ran") { app, specification in
        change(&app, &specification)
        uuid = specification.uuid
      }
    }
    #expect(error?.code == code, "\(String(describing: error))")
    for word in words { #expect(error?.description.contains(word) == true, "\(String(describing: error))") }
    #expect(error?.description.contains("\n") == false)
    #expect(try fixture.pods.list().isEmpty)
    let node = try #require(uuid).description
    for root in try CgroupHierarchies.detect().all {
      #expect(access(root.appending("appc").appending(node).string, F_OK) != 0)
    }
  }

  @Test("a program that is not there, by path and by name")
  func missingProgram() throws {
    try expectRefusal(.executable, ["/nope", "No such file"]) { app, _ in app.exec = ["/nope"] }
    try expectRefusal(.executable, ["nope", "No such file"]) { app, _ in app.exec = ["nope"] }
  }

  @Test("a file that is not executable, or a directory")
  func notExecutable() throws {
    try expectRefusal(.executable, ["/etc/passwd", "Permission denied"]) { app, _ in
      app.exec = ["/etc/passwd"]
    }
    try expectRefusal(.executable, ["/etc", "Permission denied"]) { app, _ in app.exec = ["/etc"] }
  }

  @Test("a program whose interpreter is not there")
  func missingInterpreter() throws {
    let fixture = try PodFixture()
    try fixture.shell(
      "printf '#!/no/such\\n' > '\(fixture.rootfs)/script' && chmod 755 '\(fixture.rootfs)/script'")
    try expectRefusal(.executable, ["/script", "interpreter"], fixture: fixture) { app, _ in
      app.exec = ["/script"]
    }
  }

  @Test("an app without a program")
  func noProgram() throws {
    try expectRefusal(.executable, ["--exec"]) { app, _ in app.exec = [] }
  }

  @Test("a working directory that is not there (E5)")
  func workingDirectory() throws {
    try expectRefusal(.launch, ["/nope", "working directory"]) { app, _ in app.workingDirectory = "/nope" }
  }

  @Test("a working directory outside the root, by way of descriptors", arguments: 3...12)
  func escapingWorkingDirectory(number: Int) throws {
    try expectRefusal(.launch, ["working directory"]) { app, _ in
      app.workingDirectory = "/proc/self/fd/\(number)"
    }
  }

  @Test("a user that the image does not know, or a number that means nothing")
  func unknownUser() throws {
    try expectRefusal(.user, ["nobody-here", "etc/passwd"]) { app, _ in app.user = "nobody-here" }
    try expectRefusal(.user, ["4294967295"]) { app, _ in app.user = "4294967295" }
    try expectRefusal(.user, ["-1"]) { app, _ in app.group = "-1" }
  }

  @Test("a capability of no name")
  func unknownCapability() throws {
    try expectRefusal(.capability, ["CAP_PONIES"]) { app, _ in
      app.isolators = [Isolator(.capabilitiesRetainSet(["CAP_PONIES"]))]
    }
  }

  @Test("a volume whose source is missing (K3) or reached through a link (K4)")
  func volumeSource() throws {
    let fixture = try PodFixture()
    try fixture.shell("mkdir -p '\(fixture.directory)/real/inner'; ln -s real '\(fixture.directory)/link'")
    for (source, word) in [
      ("nope", "No such file"), ("link", "symbolic link"), ("link/inner", "symbolic link"),
    ] {
      try expectRefusal(.volume, [source, word], fixture: fixture) { _, specification in
        specification.manifest.volumes = [.host(name: "data", source: "\(fixture.directory)/\(source)")]
        specification.manifest.apps[0].mounts = [Mount(volume: "data", path: "/data")]
      }
    }
  }

  @Test(
    "mounts at the root, in /proc or /sys, relative ones, and two at one path",
    arguments: ["/", "/proc/x", "/sys", "data", "/a/../proc", "//proc//x"])
  func mountTargets(target: String) throws {
    try expectRefusal(.volume, ["mount path"]) { _, specification in
      specification.manifest.volumes = [.empty(name: "data")]
      specification.manifest.apps[0].mounts = [Mount(volume: "data", path: target)]
    }
  }

  @Test("two mounts at one path")
  func doubleMount() throws {
    try expectRefusal(.volume, ["both mounted at /data"]) { _, specification in
      specification.manifest.volumes = [.empty(name: "one"), .empty(name: "two")]
      specification.manifest.apps[0].mounts = [
        Mount(volume: "one", path: "/data"), Mount(volume: "two", path: "/data/"),
      ]
    }
  }

  @Test("a mount point that nothing fills (K1)")
  func openMountPoint() throws {
    try expectRefusal(.volume, ["--volume data,kind=host"]) { app, _ in
      app.mountPoints = [MountPoint(name: "data", path: "/data")]
    }
  }

  @Test("an argument that holds a NUL")
  func nulArgument() throws {
    try expectRefusal(.invalidPod, ["NUL"]) { app, _ in app.exec = ["/bin/sh", "a\0b"] }
  }

  @Test("a stream that is a directory")
  func directoryStream() throws {
    let directory = try FileDescriptor.open("/", .readOnly, options: .directory)
    defer { try? directory.close() }
    try expectRefusal(.invalidPod, ["directory"]) { _, specification in
      specification.streams["app"] = AppStreams(input: directory)
    }
  }

  @Test("a pod whose second app is wrong starts none of its apps")
  func secondApp() throws {
    let fixture = try PodFixture()
    let output = try fixture.temporaryFile()
    let apps = [
      (name: "good", app: App(exec: ["/bin/sh", "-c", "echo ran"])), (name: "bad", app: App(exec: ["/nope"])),
    ]
    let error = #expect(throws: StageError.self) {
      _ = try fixture.pods.launch(fixture.specification(apps, output: output))
    }
    #expect(error?.description.contains("app bad") == true)
    #expect(try fixture.text(of: output) == "")
    #expect(try fixture.pods.list().isEmpty)
  }
}

extension CgroupHierarchies {
  var all: [FilePath] { [unified].compactMap { $0 } + controllers.values }
}
