/// What every app finds in its root besides its image and its volumes (I8), and what is kept from it.
struct AppLayout {
  let oomScore: Int?
  let protectsPaths: Bool

  init(oomScore: Int?, protectsPaths: Bool) {
    self.oomScore = oomScore
    self.protectsPaths = protectsPaths
  }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The file systems of the kernel, and `/dev` unless a volume takes its place.
  func systemSteps(withDevices: Bool) -> [LaunchPlan.AppStep] {
    let plain: LaunchPlan.MountAttributes = [.noSetUserID, .noDevices, .noExecution]
    var steps: [LaunchPlan.AppStep] = [
      .directory(Self.bytes("/proc"), mode: 0o555, own: true),
      .mount(type: "proc", target: Self.bytes("/proc"), attributes: plain, options: []),
    ]
    if let oomScore {
      let file = Self.bytes("/proc/self/oom_score_adj")
      steps.append(.writeOwnFile(file, content: Self.bytes("\(oomScore)")))
    }
    steps += [
      .directory(Self.bytes("/sys"), mode: 0o555, own: true),
      .mount(type: "sysfs", target: Self.bytes("/sys"), attributes: plain.union(.readOnly), options: []),
    ]
    return withDevices ? steps + deviceSteps : steps
  }

  private var deviceSteps: [LaunchPlan.AppStep] {
    func option(_ key: String, _ value: String = "") -> LaunchPlan.MountOption {
      LaunchPlan.MountOption(key: key, value: value)
    }
    var steps: [LaunchPlan.AppStep] = [
      .directory(Self.bytes("/dev"), mode: 0o755, own: true),
      .mount(
        type: "tmpfs", target: Self.bytes("/dev"), attributes: [.noSetUserID, .noExecution],
        options: [option("mode", "0755"), option("size", "65536k")]),
    ]
    // The console is a null device: 5:1 would be the host's, and a terminal of the pod's is given by name.
    let devices: [(String, UInt32, UInt32)] = [
      ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
      ("console", 1, 3),
    ]
    for (name, major, minor) in devices {
      steps.append(.device(Self.bytes("/dev/" + name), major: major, minor: minor, mode: 0o666))
    }
    let links = [
      ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
      ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
    ]
    for (name, text) in links { steps.append(.symlink(Self.bytes("/dev/" + name), to: Self.bytes(text))) }
    steps += [
      .directory(Self.bytes("/dev/pts"), mode: 0o755, own: true),
      .mount(
        type: "devpts", target: Self.bytes("/dev/pts"), attributes: [.noSetUserID, .noExecution],
        options: [
          option("newinstance"), option("ptmxmode", "0666"), option("mode", "0620"), option("gid", "5"),
        ]),
      .directory(Self.bytes("/dev/shm"), mode: 0o1777, own: true),
      .mount(
        type: "tmpfs", target: Self.bytes("/dev/shm"), attributes: [.noSetUserID, .noDevices, .noExecution],
        options: [option("mode", "1777")]),
    ]
    return steps
  }

  /// Paths through which the host could be read or changed.
  var protectionSteps: [LaunchPlan.AppStep] {
    guard protectsPaths else { return [] }
    let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
    let hidden = [
      "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kallsyms", "/proc/kcore", "/proc/keys",
      "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
      "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux", "/sys/hypervisor",
      "/sys/kernel/debug", "/sys/kernel/security", "/sys/kernel/tracing", "/sys/module", "/sys/power",
    ]
    return readOnly.map { .readOnly(Self.bytes($0)) } + hidden.map { .mask(Self.bytes($0)) }
  }

  /// Steps that see to a directory at a path and to every one above it.
  static func directories(to target: [UInt8]) -> [LaunchPlan.AppStep] {
    target.indices.filter { $0 > 0 && target[$0] == UInt8(ascii: "/") }
      .map { .directory(Array(target[..<$0]), mode: 0o755, own: false) }
      + [.directory(target, mode: 0o755, own: false)]
  }

  /// Steps that see to something at a path that a file can be mounted on.
  static func file(at target: [UInt8]) -> [LaunchPlan.AppStep] {
    directories(to: target).dropLast() + [.file(target)]
  }
}
