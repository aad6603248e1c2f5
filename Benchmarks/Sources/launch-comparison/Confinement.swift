import Glibc

/// What the peers are asked to do like Stage: the same paths of `/proc` and `/sys` hidden or made read-only, as far
/// as this kernel has them, and the same capabilities.
enum Confinement {
  static let readOnly = existing(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])

  static let hidden = existing([
    "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kallsyms", "/proc/kcore", "/proc/keys",
    "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
    "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux", "/sys/hypervisor",
    "/sys/kernel/debug", "/sys/kernel/security", "/sys/kernel/tracing", "/sys/module", "/sys/power",
  ])

  static let capabilities = [
    "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
    "CAP_SYS_CHROOT",
  ]

  private static func existing(_ paths: [String]) -> [String] { paths.filter { access($0, F_OK) == 0 } }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
