import AppcSchema
import SystemPackage
import Testing

@testable import Stage

@Suite("What a plan is made of")
struct LookupTests {
  @Test(
    "numbers of users are decimal and below the one that means no change",
    arguments: [
      ("0", 0), ("1000", 1000), ("4294967294", 4_294_967_294), ("4294967295", nil), ("4294967296", nil),
      ("-1", nil),
      ("", nil), ("1 ", nil), ("0x1", nil), ("99999999999", nil), ("\u{661}", nil),
    ] as [(String, UInt32?)])
  func numbers(text: String, expected: UInt32?) {
    #expect(ImageUsers.number(Array(text.utf8)) == expected)
  }

  @Test("a list is searched by bytes, and an all-digit name in it wins over the number (E10)")
  func passwd() {
    let list = Array("root:x:0:0\n\u{e9}:x:5:5\n1000:x:77:7\nbroken\nshort:x\nbad:x:-1:1\n".utf8)
    #expect(ImageUsers.lookUp(Array("1000".utf8), in: list) == 77)
    #expect(ImageUsers.lookUp(Array("\u{e9}".utf8), in: list) == 5)
    #expect(ImageUsers.lookUp(Array("e\u{301}".utf8), in: list) == nil)
    #expect(ImageUsers.lookUp(Array("bad".utf8), in: list) == nil)
    #expect(ImageUsers.lookUp(Array("nope".utf8), in: list) == nil)
  }

  @Test("the default capability set is that of J20")
  func defaultCapabilities() throws {
    let names = [
      "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "KILL", "MKNOD", "NET_RAW",
      "NET_BIND_SERVICE", "SETUID", "SETGID", "SETPCAP", "SETFCAP", "SYS_CHROOT",
    ]
    #expect(try CapabilitySet(names: names.map { "CAP_" + $0 }) == .appcDefault)
    #expect(CapabilitySet.appcDefault.names.count == 14)
    #expect(CapabilitySet.appcDefault.isSubset(of: .everything))
  }

  @Test("hierarchies are found in every arrangement: v1, v2, both, and with blanks in paths")
  func hierarchies() {
    func parse(_ text: String) -> CgroupHierarchies { CgroupHierarchies(mountInfo: Array(text.utf8)) }
    let unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    #expect(parse(unified) == CgroupHierarchies(unified: "/sys/fs/cgroup"))
    let hybrid = """
      24 19 0:22 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      25 19 0:23 / /sys/fs/cgroup/my\\040memory rw master:1 shared:3 - cgroup cgroup rw,memory
      26 19 0:24 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
      27 19 0:25 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
      28 19 0:23 / /elsewhere rw - cgroup cgroup rw,memory
      broken line
      """
    #expect(
      parse(hybrid)
        == CgroupHierarchies(
          unified: "/sys/fs/cgroup/unified",
          controllers: ["cpu": "/sys/fs/cgroup/cpu,cpuacct", "memory": "/sys/fs/cgroup/my memory"]))
  }

  @Test("limits go to v1 where it has the controller, else to v2, and a missing controller is warned of")
  func limits() throws {
    let uuid = PodUUID()
    let limits = ResourceLimits(memory: 1 << 20, cpu: 500)
    func plan(_ hierarchies: CgroupHierarchies) -> CgroupPlan {
      CgroupPlan(
        uuid: uuid, hierarchies: hierarchies, apps: ["a"], podLimits: limits, appLimits: ["a": limits],
        devices: .standard)
    }
    let hybrid = plan(CgroupHierarchies(unified: "/u", controllers: ["memory": "/m", "devices": "/d"]))
    #expect(hybrid.version1.keys.sorted() == ["devices", "memory"])
    #expect(hybrid.delegated == ["cpu"])
    #expect(!hybrid.usesDeviceProgram)
    let memory = hybrid.nodes.first { $0.path == FilePath("/m/appc/\(uuid)") }
    #expect(memory?.files == [.init(name: "memory.limit_in_bytes", value: "1048576")])
    #expect(hybrid.appLeaves["a"]?["memory"] == FilePath("/m/appc/\(uuid)/app-a"))
    let pure = plan(CgroupHierarchies(unified: "/u"))
    #expect(pure.usesDeviceProgram)
    #expect(
      pure.nodes.first { $0.path == FilePath("/u/appc/\(uuid)") }?.files.contains(
        .init(name: "cpu.max", value: "50000 100000")) == true)
    #expect(plan(CgroupHierarchies(controllers: ["cpu": "/c"])).warnings.count == 1)
  }

  @Test("a program is looked up in the app's own PATH, an empty part of which is the working directory (E1)")
  func candidates() throws {
    let app = App(environment: try Environment([.init(name: "PATH", value: "/a::/b/")]))
    let environment = AppEnvironment(app: app, name: "x", metadataURL: "")
    #expect(
      environment.candidates(for: "sh").map { String(decoding: $0, as: UTF8.self) } == [
        "/a/sh", "./sh", "/b//sh",
      ])
    #expect(environment.candidates(for: "./sh") == [Array("./sh".utf8)])
  }

  @Test("pid 1 is at most 64 KB, and decodes to what was built")
  func initSize() {
    #expect(StageInitImage.byteCount <= 64 << 10)
    let bytes = StageInitProgram.decoded(StageInitImage.base64, count: StageInitImage.byteCount)
    #expect(bytes.count == StageInitImage.byteCount)
    #expect(bytes.prefix(4) == [0x7f, 0x45, 0x4c, 0x46])
  }

  @Test("every directory above a mount's target has a step")
  func directories() {
    #expect(
      AppLayout.directories(to: Array("/a/b".utf8))
        == [
          .directory(Array("/a".utf8), mode: 0o755, own: false),
          .directory(Array("/a/b".utf8), mode: 0o755, own: false),
        ])
    #expect(AppLayout.file(at: Array("/a/b".utf8)).last == .file(Array("/a/b".utf8)))
  }
}
