import AppcSchema
import Glibc
import Stage
import SystemPackage
import Testing

@Suite("A volume", .needsRoot)
struct VolumeTests {
  private func run(
    _ fixture: PodFixture, _ script: String, _ volumes: [Volume], _ mounts: [Mount],
    points: [MountPoint] = []
  ) throws -> String {
    try fixture.run(script) { app, specification in
      app.mountPoints = points
      specification.manifest.volumes = volumes
      specification.manifest.apps[0].mounts = mounts
    }.output
  }

  private func fixture() throws -> PodFixture {
    let fixture = try PodFixture()
    try fixture.shell(
      "mkdir -p '\(fixture.directory)/data/sub'; echo content > '\(fixture.directory)/data/file'")
    return fixture
  }

  @Test("of kind host shows a directory, to be written")
  func host() throws {
    let fixture = try fixture()
    let volume = Volume.host(name: "data", source: "\(fixture.directory)/data")
    let output = try run(
      fixture, "cat /deep/er/file; echo new > /deep/er/new; stat -c '%a %u' /deep", [volume],
      [Mount(volume: "data", path: "/deep/er")])
    #expect(output == "content\n755 0\n")
    #expect(access("\(fixture.directory)/data/new", F_OK) == 0)
  }

  @Test("is read-only if it says so, or if the mount point does (K8)", arguments: [true, false])
  func readOnly(byVolume: Bool) throws {
    let fixture = try fixture()
    let volume = Volume.host(name: "data", source: "\(fixture.directory)/data", readOnly: byVolume)
    let point = MountPoint(name: "data", path: "/data", readOnly: !byVolume)
    let output = try run(
      fixture, "cat /data/file; touch /data/x || echo refused", [volume], [], points: [point])
    #expect(output.hasPrefix("content\n") && output.hasSuffix("refused\n"))
  }

  @Test(
    "brings what is mounted beneath its source, read-only too, unless it is not recursive",
    arguments: [true, false])
  func recursive(isRecursive: Bool) throws {
    let fixture = try fixture()
    let sub = "\(fixture.directory)/data/sub"
    try fixture.shell("mount -t tmpfs none '\(sub)' && touch '\(sub)/inner'")
    defer { umount2(sub, Int32(MNT_DETACH)) }
    let volume = Volume.host(
      name: "data", source: "\(fixture.directory)/data", readOnly: true, recursive: isRecursive)
    let output = try run(
      fixture, "ls /data/sub; touch /data/sub/x 2>/dev/null || echo refused", [volume],
      [Mount(volume: "data", path: "/data")])
    #expect(output == (isRecursive ? "inner\nrefused\n" : "refused\n"))
  }

  @Test("that an app mounts on is not seen on the host")
  func privatePropagation() throws {
    let fixture = try fixture()
    try fixture.shell(
      "mount --bind '\(fixture.directory)/data' '\(fixture.directory)/data' && mount --make-shared '\(fixture.directory)/data'"
    )
    defer { umount2("\(fixture.directory)/data", Int32(MNT_DETACH)) }
    let volume = Volume.host(name: "data", source: "\(fixture.directory)/data")
    let output = try fixture.run("mount -t tmpfs none /data/sub && touch /data/sub/inside && echo mounted") {
      _, specification in
      specification.exceptions = [.capabilities]
      specification.manifest.volumes = [volume]
      specification.manifest.apps[0].mounts = [Mount(volume: "data", path: "/data")]
    }.output
    #expect(output == "mounted\n")
    #expect(access("\(fixture.directory)/data/sub/inside", F_OK) != 0)
  }

  @Test("of one file is mounted on a file")
  func singleFile() throws {
    let fixture = try fixture()
    let volume = Volume.host(name: "conf", source: "\(fixture.directory)/data/file")
    let output = try run(
      fixture, "cat /etc/app/conf /etc/passwd", [volume],
      [Mount(volume: "conf", path: "/etc/app/conf"), Mount(volume: "conf", path: "/etc/passwd")])
    #expect(output == "content\ncontent\n")
  }

  @Test("of kind empty is shared by the pod's apps, with its mode and owner (K5, K7)")
  func empty() throws {
    let fixture = try fixture()
    let output = try fixture.temporaryFile()
    let apps = [
      (
        name: "writer",
        app: App(exec: ["/bin/sh", "-c", "stat -c '%a %u %g' /v; echo shared > /v/x; touch /v/done"])
      ),
      (
        name: "reader",
        app: App(exec: ["/bin/sh", "-c", "while ! test -e /v/done; do sleep 0.01; done; cat /v/x"])
      ),
    ]
    var specification = try fixture.specification(apps, output: output)
    specification.manifest.volumes = [.empty(name: "v", mode: 0o1770, uid: 5, gid: 6)]
    for index in 0..<2 { specification.manifest.apps[index].mounts = [Mount(volume: "v", path: "/v")] }
    #expect(try fixture.pods.launch(specification).wait().status == 0)
    #expect(try fixture.text(of: output) == "1770 5 6\nshared\n")
  }

  @Test("is mounted inside the root, whatever links the image has on the way")
  func linksInImage() throws {
    let fixture = try fixture()
    try fixture.shell(
      """
      cd '\(fixture.rootfs)' && ln -s /../../../../../../appc-test-outside out && mkdir appc-test-outside && ln -s /nowhere dangling && ln -s . here \
      && echo file > plain && mkdir -p real && ln -s real alias
      """)
    let volume = Volume.empty(name: "v")
    for target in ["/out/x", "/dangling", "/dangling/deep", "/here/here/y", "/plain", "/alias", "/alias/z"] {
      let output = try run(
        fixture, "touch '\(target)/made' && echo made; mount | grep -c /proc/acpi", [volume],
        [Mount(volume: "v", path: target)])
      #expect(output.hasPrefix("made\n"), "\(target): \(output)")
    }
    #expect(access("/appc-test-outside", F_OK) != 0)
  }

  @Test("at /dev hides the pod's devices, with a warning, and changes no rule about them")
  func overDevices() throws {
    let fixture = try fixture()
    let output = try fixture.temporaryFile()
    let script =
      "test -e /dev/kmsg && echo host; cat /dev/null && echo allowed; cat /dev/kmsg; cat /dev/mem; cat /dev/vda"
    var specification = try fixture.specification(
      [("app", App(exec: ["/bin/sh", "-c", script]))], output: output)
    specification.manifest.volumes = [.host(name: "dev", source: "/dev")]
    specification.manifest.apps[0].mounts = [Mount(volume: "dev", path: "/dev")]
    let pod = try fixture.pods.launch(specification)
    #expect(pod.plan.warnings.contains { $0.contains("/dev") })
    _ = try pod.wait()
    let text = try fixture.text(of: output)
    #expect(text.hasPrefix("host\nallowed\n"))
    #expect(text.contains("/dev/kmsg': Operation not permitted"))
    #expect(!text.contains("/dev/vda': No such") ? text.contains("/dev/vda': Operation not permitted") : true)
  }

  @Test(
    "cannot be put in place of the pod's own /proc, /sys or /dev by links of the image",
    arguments: ["proc", "sys", "dev"])
  func linksAtSystemDirectories(name: String) throws {
    let fixture = try fixture()
    try fixture.shell(
      "ln -s '\(fixture.directory)/data' '\(fixture.rootfs)/\(name)'; ln -s /etc '\(fixture.rootfs)/\(name)2'"
    )
    let output = try fixture.run(
      "test -d /\(name) -a ! -L /\(name) && ls /\(name) | /bin/busybox wc -l; cat /etc/passwd | /bin/busybox wc -l"
    ).output
    #expect(output.hasSuffix("2\n"))
    #expect(output.split(separator: "\n").count == 2)
    #expect(access("\(fixture.directory)/data/sub", F_OK) == 0)
  }

  @Test(
    "of the host is never changed to make room for a mount nested in it, by path or by a link of the image (K3)",
    arguments: ["/data/file", "/data/new", "/alias/file"])
  func nestedTarget(target: String) throws {
    let fixture = try fixture()
    try fixture.shell("ln -s /data '\(fixture.rootfs)/alias'")
    let error = #expect(throws: StageError.self) {
      _ = try run(
        fixture, "echo ran", [.host(name: "data", source: "\(fixture.directory)/data"), .empty(name: "v")],
        [Mount(volume: "data", path: "/data"), Mount(volume: "v", path: target)])
    }
    #expect(error?.description.contains("inside a volume") == true, "\(String(describing: error))")
    #expect(
      try fixture.text(of: FileDescriptor.open("\(fixture.directory)/data/file", .readOnly)) == "content\n")
    #expect(access("\(fixture.directory)/data/new", F_OK) != 0)
  }
}
