import AppcSchema
import Glibc
import Stage
import SystemPackage
import Testing

@Suite("A pod", .needsRoot)
struct LaunchTests {
  @Test("gives back its app's exit status, 0 to 255", arguments: [0, 1, 7, 254, 255])
  func exitStatus(status: Int32) throws {
    let result = try PodFixture().run("exit \(status)")
    #expect(result.exit.status == status)
    #expect(result.exit.apps.map(\.exit) == [.exited(status)])
  }

  @Test("reports a death by signal as such, and 128 and its number as status")
  func signalStatus() throws {
    let result = try PodFixture().run("kill -9 $$")
    #expect(result.exit.apps.map(\.exit) == [.signaled(9)])
    #expect(result.exit.status == 137)
  }

  @Test("has the first non-zero status in app order")
  func firstStatus() throws {
    let fixture = try PodFixture()
    let apps = [("a", "exit 0"), ("b", "sleep 0.1; exit 3"), ("c", "exit 4")].map { name, script in
      (name: name, app: App(exec: ["/bin/sh", "-c", script]))
    }
    let exit = try fixture.pods.launch(fixture.specification(apps)).wait()
    #expect(exit.status == 3)
    #expect(exit.apps.map(\.exit.status) == [0, 3, 4])
  }

  @Test("starts its apps in the order given")
  func order() throws {
    let fixture = try PodFixture()
    let apps = (0..<8).map { (name: "app\($0)", app: App(exec: ["/bin/true"])) }
    try fixture.shell("ln -s busybox '\(fixture.rootfs)/bin/true'")
    let pod = try fixture.pods.launch(fixture.specification(apps))
    #expect(try pod.wait().status == 0)
    let pids = try fixture.pods.status(of: pod.uuid).apps.map { try #require($0.pid) }
    #expect(pids == pids.sorted() && Set(pids).count == 8)
  }

  @Test("lets no app run before the one in front of it has been executed")
  func orderOfExecution() throws {
    let fixture = try PodFixture()
    try fixture.shell(
      "printf '#!/no/such\\n' > '\(fixture.rootfs)/script' && chmod 755 '\(fixture.rootfs)/script'")
    let output = try fixture.temporaryFile()
    // Found out only when it is executed: everything before that succeeds in both.
    let apps = [
      (name: "first", app: App(exec: ["/script"])),
      (name: "second", app: App(exec: ["/bin/sh", "-c", "echo ran"])),
    ]
    #expect(throws: StageError.self) { try fixture.pods.launch(fixture.specification(apps, output: output)) }
    #expect(try fixture.text(of: output) == "")
  }

  @Test("gives apps the environment of rule I1, and the image's own under what the pod says")
  func environment() throws {
    let result = try PodFixture().run(
      "echo $PATH; echo $AC_APP_NAME; echo $container; echo ${AC_METADATA_URL-unset}; echo $OWN"
    ) { app, _ in
      app.environment =
        (try? Environment([
          .init(name: "OWN", value: "a b"), .init(name: "AC_APP_NAME", value: "forged"),
        ])) ?? Environment()
    }
    #expect(
      result.output
        == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\napp\nappc\n\na b\n")
  }

  @Test("shows an app the devices and file systems of rule I8")
  func devices() throws {
    let result = try PodFixture().run(
      """
      for d in null zero full random urandom tty console; do test -c /dev/$d || echo missing $d; done
      test -L /dev/ptmx -a -d /dev/pts -a -d /dev/shm || echo missing
      grep -c -e ' /proc proc ' -e ' /sys sysfs ' -e ' /dev/pts devpts ' -e ' /dev/shm tmpfs ' /proc/mounts
      """)
    #expect(result.output == "4\n" || result.output.hasSuffix("4\n"), "\(result.output)")
    #expect(!result.output.contains("missing"))
  }

  @Test("leaves only descriptors 0, 1 and 2 open in an app, whatever the host has open")
  func descriptors() throws {
    let fixture = try PodFixture()
    // One that the host forgot to close on exec.
    let leak = open("/etc/hostname", O_RDONLY)
    defer { close(leak) }
    let result = try fixture.run("ls /proc/$$/fd; read -r x < /proc/$$/stat; echo ${x%% *}")
    #expect(result.output.split(separator: "\n").prefix(3) == ["0", "1", "2"])
    #expect(result.output.split(separator: "\n").count == 4)
  }

  @Test(
    "keeps the host's program, its libraries and its files out of reach, even of an app with every capability"
  )
  func hostOutOfReach() throws {
    let fixture = try PodFixture()
    let own = try #require(
      realpath("/proc/self/exe", nil).map { pointer in
        defer { free(pointer) }
        return String(cString: pointer)
      })
    let script = """
      for p in /proc/[0-9]*; do readlink $p/exe; readlink $p/cwd; cat $p/maps 2>/dev/null; \
      for f in $p/fd/*; do readlink $f; ls $f/.. 2>/dev/null; done; ls $p/root/; done
      """
    let result = try fixture.run(script) { _, specification in specification.exceptions = [.capabilities] }
    #expect(result.output.contains("memfd:appc-init"))
    #expect(!result.output.contains(own))
    #expect(!result.output.contains("libc.so"))
    #expect(!result.output.contains("ld-linux"))
    for name in ["boot", "home", "usr", "opt", "var"] {
      #expect(!result.output.split(separator: "\n").contains { $0 == name }, "\(name) of the host is visible")
    }
  }

  @Test("keeps pid 1 closed to apps without CAP_SYS_PTRACE")
  func initIsClosed() throws {
    let result = try PodFixture().run(
      "for l in exe root cwd fd/0 fd/4; do readlink /proc/1/$l; done; echo closed")
    #expect(result.output == "closed\n")
  }

  @Test("cannot change the mode of the host's null device through its streams")
  func nullDevice() throws {
    var before = stat()
    var after = stat()
    #expect(stat("/dev/null", &before) == 0)
    _ = try PodFixture().run("exec 2>&1; for f in 0 1 2; do /bin/busybox chmod 0600 /proc/self/fd/$f; done") {
      _, specification in specification.streams = [:]
    }
    #expect(stat("/dev/null", &after) == 0)
    #expect(before.st_mode == after.st_mode && before.st_uid == after.st_uid)
  }

  @Test("gives an app the default capabilities of J20 and nothing inheritable or ambient")
  func capabilities() throws {
    let result = try PodFixture().run("grep ^Cap /proc/self/status")
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    let sets = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], UInt64($0[1], radix: 16) ?? .max) })
    #expect(sets["CapBnd:"] == CapabilitySet.appcDefault.rawValue)
    #expect(sets["CapEff:"] == CapabilitySet.appcDefault.rawValue)
    #expect(sets["CapInh:"] == 0 && sets["CapAmb:"] == 0)
  }

  @Test("leaves an ordinary user no capability, and exactly its groups")
  func ordinaryUser() throws {
    let result = try PodFixture().run(
      "id -u; id -g; grep -e ^CapEff -e ^CapPrm -e ^Groups /proc/self/status; touch /x || echo refused"
    ) {
      app, _ in
      app.user = "web"
      app.group = "web"
      app.supplementaryGIDs = [7, 8]
    }
    #expect(result.output.hasPrefix("1000\n1001\n"))
    #expect(result.output.contains("Groups:\t7 8"))
    #expect(result.output.contains("CapEff:\t0000000000000000"))
    #expect(result.output.contains("CapPrm:\t0000000000000000"))
    #expect(result.output.contains("refused"))
  }

  @Test("holds an app to the isolators for capabilities and new privileges (J8 to J10)")
  func isolators() throws {
    let retained = try PodFixture().run("grep -e CapBnd -e NoNewPrivs /proc/self/status") { app, _ in
      app.isolators = [Isolator(.capabilitiesRetainSet(["CAP_KILL"])), Isolator(.noNewPrivileges(true))]
    }
    #expect(retained.output.contains("CapBnd:\t0000000000000020"))
    #expect(retained.output.contains("NoNewPrivs:\t1"))
    let removed = try PodFixture().run("grep CapBnd /proc/self/status") { app, _ in
      app.isolators = [Isolator(.capabilitiesRemoveSet(["CAP_MKNOD", "CAP_SYS_ADMIN"]))]
    }
    let expected = CapabilitySet.appcDefault.subtracting(try CapabilitySet(name: "CAP_MKNOD"))
    #expect(
      removed.output == "CapBnd:\t"
        + String(repeating: "0", count: 16 - String(expected.rawValue, radix: 16).count)
        + String(expected.rawValue, radix: 16) + "\n")
  }

  @Test(
    "has its own process, IPC, UTS, network and cgroup namespaces, and a loopback interface that is up (I4, I5)"
  )
  func namespaces() throws {
    let result = try PodFixture().run(
      "for n in pid ipc uts net mnt cgroup; do readlink /proc/self/ns/$n; done; /bin/busybox ifconfig lo; /bin/busybox hostname"
    ) { _, specification in specification.hostname = "pod-host" }
    for name in ["pid", "ipc", "uts", "net", "mnt", "cgroup"] {
      var buffer = [CChar](repeating: 0, count: 64)
      let count = readlink("/proc/self/ns/\(name)", &buffer, buffer.count)
      let own = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #expect(result.output.contains(name + ":["))
      #expect(!result.output.contains(own), "\(name) is the host's")
    }
    #expect(result.output.contains("UP LOOPBACK"))
    #expect(result.output.hasSuffix("pod-host\n"))
  }

  @Test("gives each execution a clean copy, and leaves the tree beneath as it was (G9)")
  func cleanCopy() throws {
    let fixture = try PodFixture()
    #expect(try fixture.run("touch /made; ls /made").output == "/made\n")
    #expect(try fixture.run("ls /made 2>/dev/null || echo clean").output == "clean\n")
    #expect(access(fixture.rootfs.appending("made").string, F_OK) != 0)
  }

  @Test("cannot write to a read-only root")
  func readOnlyRoot() throws {
    let result = try PodFixture().run("touch /x 2>/dev/null || echo refused; touch /dev/shm/x && echo shm") {
      _, specification in specification.manifest.apps[0].readOnlyRootFS = true
    }
    #expect(result.output == "refused\nshm\n")
  }

  @Test("hides or protects what would show or change the host")
  func protectedPaths() throws {
    let result = try PodFixture().run(
      """
      echo 1 2>/dev/null > /proc/sys/vm/drop_caches && echo written; echo x 2>/dev/null > /proc/sysrq-trigger && echo written
      cat /proc/kcore 2>/dev/null | /bin/busybox head -c 1; ls /sys/firmware; touch /sys/x 2>/dev/null && echo written; cat /proc/keys
      mount -t tmpfs none /bin 2>/dev/null && echo mounted; echo end
      """)
    #expect(result.output == "end\n")
  }

  @Test("refuses devices that are not in its rules, even to a process that can make nodes")
  func deviceRules() throws {
    let result = try PodFixture().run(
      "mknod /dev/disk b 8 0 && echo made; mknod /dev/mem c 1 1 && echo made; mknod /dev/n c 1 3 && echo ok && echo x > /dev/n && echo ok"
    )
    #expect(!result.output.contains("made"))
    #expect(result.output.contains("ok\nok"))
  }

  @Test("leaves no mount, control group or file behind once it has been collected")
  func leavesNothing() throws {
    let fixture = try PodFixture()
    var uuids: [PodUUID] = []
    for _ in 0..<5 {
      let pod = try fixture.pods.launch(
        fixture.specification([("app", App(exec: ["/bin/sh", "-c", "sleep 100 & exit 0"]))]))
      uuids.append(pod.uuid)
      _ = try pod.wait()
    }
    // A process that another test starts holds every lock of this one until it executes.
    var removed = 0
    for _ in 0..<100 where removed < 5 {
      removed += try fixture.pods.collectGarbage(Pods.CollectionPolicy(grace: 0)).removed.count
      usleep(20_000)
    }
    #expect(removed == 5)
    let mounts = try fixture.text(of: FileDescriptor.open("/proc/self/mountinfo", .readOnly))
    #expect(!mounts.contains("\(fixture.directory)"))
    for root in try CgroupHierarchies.detect().all {
      for uuid in uuids { #expect(access(root.appending("appc/\(uuid)").string, F_OK) != 0) }
    }
    for state in ["preparing", "prepared", "run", "exited", "garbage"] {
      let path = fixture.directory.appending("pods/\(state)").string
      #expect(rmdir(path) == 0, "\(state) is not empty")
      mkdir(path, 0o700)
    }
  }

  @Test("ends with everything in it when its first process ends")
  func strayProcesses() throws {
    let fixture = try PodFixture()
    let result = try fixture.run("sleep 1000 & sleep 1000 & echo started")
    #expect(result.output == "started\n")
    #expect(try fixture.pods.list().map(\.state) == [.exited])
  }

  @Test("passes signals on to its apps")
  func signals() throws {
    let fixture = try PodFixture()
    let output = try fixture.temporaryFile()
    let app = App(exec: [
      "/bin/sh", "-c", "trap 'echo term; exit 5' TERM; echo ready; while :; do sleep 0.01; done",
    ])
    let pod = try fixture.pods.launch(fixture.specification([("app", app)], output: output))
    while try !fixture.text(of: output).contains("ready") { usleep(1000) }
    pod.signal(SIGTERM)
    #expect(try pod.wait().status == 5)
    #expect(try fixture.text(of: output) == "ready\nterm\n")
  }

  @Test("ends when it is killed, or when nobody holds it any more")
  func kill() throws {
    let fixture = try PodFixture()
    let app = App(exec: ["/bin/sleep", "1000"])
    let pod = try fixture.pods.launch(fixture.specification([("app", app)]))
    #expect(try fixture.pods.status(of: pod.uuid).state == .running)
    pod.kill()
    #expect(try pod.wait().apps.map(\.exit) == [.signaled(9)])

    var uuid: PodUUID?
    do {
      let dropped = try fixture.pods.launch(fixture.specification([("app", app)]))
      uuid = dropped.uuid
    }
    #expect(try fixture.pods.status(of: try #require(uuid)).state == .exited)
  }

  @Test("is held to a memory limit, within which it dies alone")
  func memoryLimit() throws {
    let result = try PodFixture().run("/bin/busybox tail /dev/zero; echo $?") { app, _ in
      app.isolators = [Isolator(.memory(.init(limit: Quantity(32 << 20))))]
    }
    #expect(result.output.contains("137"))
  }

  @Test("starts many at once, from many threads", .timeLimit(.minutes(2)))
  func manyAtOnce() async throws {
    let fixture = try PodFixture()
    let specifications = try (0..<24).map { number in
      try fixture.specification([("app", App(exec: ["/bin/sh", "-c", "exit \(number)"]))])
    }
    let pods = fixture.pods
    let statuses = try await withThrowingTaskGroup(of: (Int, Int32).self) { group in
      for (number, specification) in specifications.enumerated() {
        group.addTask {
          (number, try pods.launch(specification).wait().status)
        }
      }
      return try await group.reduce(into: [Int: Int32]()) { $0[$1.0] = $1.1 }
    }
    #expect(statuses == Dictionary(uniqueKeysWithValues: (0..<24).map { ($0, Int32($0)) }))
  }

  @Test("runs its apps with the customary mask, and pid 1 with no capability but to signal")
  func initHasNoRights() throws {
    let result = try PodFixture().run("umask; grep -e CapPrm -e CapBnd /proc/1/status")
    #expect(result.output == "0022\nCapPrm:\t0000000000000020\nCapBnd:\t0000000000000000\n")
  }

  @Test(
    "takes no signal at pid 1 from its apps for a defect",
    arguments: ["SEGV", "ILL", "BUS", "TRAP", "FPE", "KILL", "TERM"])
  func signalsToInit(signal: String) throws {
    let result = try PodFixture().run("kill -\(signal) 1; sleep 0.05; exit 4")
    #expect(result.exit.status == 4)
  }

  @Test("runs programs of an app's own root only, whatever pid 1 has open", arguments: 3...14)
  func programBehindDescriptor(number: Int) throws {
    let error = #expect(throws: StageError.self) {
      _ = try PodFixture().run("") { app, _ in app.exec = ["/proc/self/fd/\(number)/bin/sh"] }
    }
    #expect(error?.code == .executable)
  }

  @Test("has room for long lists of arguments")
  func manyArguments() throws {
    let result = try PodFixture().run("echo $#") { app, _ in
      app.exec += ["sh"] + (0..<20_000).map(String.init)
    }
    #expect(result.output == "20000\n")
  }

  @Test("leaves a named pipe and the null device that it gets as streams as they are")
  func streamsOfTheHost() throws {
    let fixture = try PodFixture()
    try fixture.shell("mkfifo -m 600 '\(fixture.directory)/pipe'")
    let pipe = try FileDescriptor.open(fixture.directory.appending("pipe"), .readWrite)
    let null = try FileDescriptor.open("/dev/null", .readWrite)
    defer {
      try? pipe.close()
      try? null.close()
    }
    var before = stat()
    stat("/dev/null", &before)
    let exit = try fixture.run("/bin/busybox chmod 0600 /proc/self/fd/2; exit 0") { app, specification in
      app.user = "1000"
      specification.streams["app"] = AppStreams(output: pipe, error: null)
    }.exit
    _ = try fixture.run("/bin/busybox chmod 0600 /proc/self/fd/2; exit 0") { _, specification in
      specification.streams["app"] = AppStreams(output: pipe, error: null)
    }
    #expect(exit.status == 0)
    var after = stat()
    stat("/dev/null", &after)
    #expect(before.st_mode == after.st_mode)
    var status = stat()
    fstat(pipe.rawValue, &status)
    #expect(status.st_uid == 0)
  }

  @Test("that an app's limit does not let start says so")
  func tinyLimit() throws {
    let error = #expect(throws: StageError.self) {
      _ = try PodFixture().run("exit 0") { app, _ in
        app.isolators = [Isolator(.memory(.init(limit: Quantity(4096))))]
      }
    }
    #expect(error?.description.contains("memory limit") == true, "\(String(describing: error))")
  }

  @Test("starts even when its first app stops the others before they run", .timeLimit(.minutes(1)))
  func stoppedWhileStarting() throws {
    let fixture = try PodFixture()
    let apps =
      [
        (
          name: "stopper",
          app: App(exec: [
            "/bin/sh", "-c",
            "i=3; while [ $i -lt 12 ]; do kill -STOP $i 2>/dev/null; i=$((i+1)); done; sleep 100",
          ])
        )
      ]
      + (0..<5).map { (name: "app\($0)", app: App(exec: ["/bin/sleep", "100"])) }
    let pod = try fixture.pods.launch(fixture.specification(apps))
    pod.kill()
    _ = try pod.wait()
    #expect(try fixture.pods.list().allSatisfy { $0.state == .exited })
  }

  @Test("says which isolators are not enforced (J2)")
  func unenforcedIsolators() throws {
    let fixture = try PodFixture()
    let app = App(
      exec: ["/bin/sh", "-c", "exit 0"],
      isolators: [Isolator(.cpuShares(512)), Isolator(.noNewPrivileges(true))])
    let pod = try fixture.pods.launch(fixture.specification([("app", app)]))
    #expect(try pod.wait().status == 0)
    #expect(pod.plan.warnings.count == 1)
    #expect(pod.plan.warnings.first?.contains("os/linux/cpu-shares") == true)
  }
}
