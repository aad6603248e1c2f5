import LaunchFixture
import SystemPackage

extension PeerCandidate {
  /// bubblewrap with every namespace but that of users, and the mounts that Stage gives an app.
  static func bubblewrap(_ fixture: LaunchFixture, _ errors: FilePath) throws -> PeerCandidate? {
    guard let program = PeerProcess.find("bwrap") else { return nil }
    var arguments = [
      "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup",
      "--die-with-parent", "--new-session", "--hostname", "benchmark", "--cap-drop", "ALL",
    ]
    for capability in Confinement.capabilities { arguments += ["--cap-add", capability] }
    // It cannot mount a sysfs of its own, and its /dev/shm is a directory unless a tmpfs is asked for.
    arguments += [
      "--bind", fixture.rootfs.string, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm",
      "--ro-bind", "/sys", "/sys",
    ]
    // These are read-only by what --proc does.
    let covered = ["/proc/bus", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
    for path in Confinement.readOnly where !covered.contains(path) { arguments += ["--ro-bind", path, path] }
    for path in Confinement.hidden {
      arguments += Confinement.isDirectory(path) ? ["--tmpfs", path] : ["--ro-bind", "/dev/null", path]
    }
    arguments += ["--clearenv", "--setenv", "PATH", "/bin", "/bin/true"]
    // Its /sys is a recursive bind: without this it would take a dozen control group mounts along.
    let inTheWay = try MountView.mounts().map(\.point).filter { $0.hasPrefix("/sys/") }
    return PeerCandidate(
      name: "bwrap", note: "whole process; root directly, no cgroup",
      process: PeerProcess(program: program, arguments: arguments, errors: errors),
      view: inTheWay.isEmpty ? nil : try MountView(without: inTheWay.reversed()))
  }

  /// unshare of util-linux with every namespace but that of users: it mounts /proc and nothing else.
  static func unshare(_ fixture: LaunchFixture, _ errors: FilePath) -> PeerCandidate? {
    guard let program = PeerProcess.find("unshare") else { return nil }
    let arguments = [
      "--fork", "--kill-child", "--pid", "--mount", "--net", "--ipc", "--uts", "--cgroup", "--mount-proc",
      "--root=\(fixture.rootfs)", "/bin/true",
    ]
    return PeerCandidate(
      name: "unshare", note: "whole process; chroot and /proc only, no cgroup",
      process: PeerProcess(program: program, arguments: arguments, errors: errors))
  }
}
