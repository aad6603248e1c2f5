import Glibc
import LaunchFixture
import Measuring
import SystemPackage

/// Bundles for crun with what Stage gives an app: mounts, capabilities, device rules, a cgroup, limits.
struct Crun {
  private static let names = ["crun", "crun-limits"]

  private let program: String
  private let state: FilePath
  private let fixture: LaunchFixture
  private let errors: FilePath
  private let view: MountView?
  private var cgroup: String { "appc-benchmark-\(getpid())" }

  init?(_ fixture: LaunchFixture, _ errors: FilePath) throws {
    guard let program = PeerProcess.find("crun") else { return nil }
    self.program = program
    self.fixture = fixture
    self.errors = errors
    state = fixture.directory.appending("crun")
    view = try Self.viewWithoutUnified()
  }

  /// crun 1.8 refuses a hybrid setup whose v2 hierarchy has a controller: there it sees v1 only.
  private static func viewWithoutUnified() throws -> MountView? {
    let mounts = try MountView.mounts()
    guard mounts.contains(where: { $0.type == "cgroup" }),
      let unified = mounts.first(where: { $0.type == "cgroup2" })?.point,
      let controllers = try? SmallText.read(FilePath(unified).appending("cgroup.controllers")),
      !controllers.allSatisfy(\.isWhitespace)
    else { return nil }
    return try MountView(without: [unified])
  }

  /// `crun run` of a bundle of its own; `limits` are members of the configuration's `resources`.
  func candidate(_ name: String, limits: String, _ note: String) throws -> PeerCandidate {
    let bundle = fixture.directory.appending("bundle-\(name)")
    guard bundle.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw Errno(rawValue: errno) }
    try SmallText.write(configuration(name, limits), to: bundle.appending("config.json"))
    let arguments = [
      "--root", state.string, "--cgroup-manager=cgroupfs", "run", "--bundle", bundle.string, name,
    ]
    return PeerCandidate(
      name: name, note: note, process: PeerProcess(program: program, arguments: arguments, errors: errors),
      view: view)
  }

  private func configuration(_ name: String, _ limits: String) -> String {
    let capabilities = list(Confinement.capabilities)
    let namespaces = ["pid", "network", "ipc", "uts", "mount", "cgroup"].map { #"{"type":"\#($0)"}"# }
    return """
      {"ociVersion":"1.0.2","hostname":"benchmark",
      "process":{"terminal":false,"user":{"uid":0,"gid":0},"args":["/bin/true"],"env":["PATH=/bin"],"cwd":"/",
      "capabilities":{"bounding":\(capabilities),"effective":\(capabilities),"permitted":\(capabilities)}},
      "root":{"path":"\(fixture.rootfs)","readonly":false},
      "mounts":[\(Self.mounts)],
      "linux":{"namespaces":[\(namespaces.joined(separator: ","))],"cgroupsPath":"/\(cgroup)/\(name)",
      "resources":{"devices":[\(Self.devices)]\(limits)},
      "maskedPaths":\(list(Confinement.hidden)),"readonlyPaths":\(list(Confinement.readOnly))}}
      """
  }

  private static let mounts = """
    {"destination":"/proc","type":"proc","source":"proc","options":["nosuid","nodev","noexec"]},
    {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","noexec","mode=755","size=65536k"]},
    {"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance",
    "ptmxmode=0666","mode=0620","gid=5"]},
    {"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","nodev","noexec","mode=1777"]},
    {"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","nodev","noexec","ro"]}
    """

  private static let devices: String = {
    let numbers = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2)]
    let named = numbers.map { #"{"allow":true,"type":"c","major":\#($0),"minor":\#($1),"access":"rwm"}"# }
    let terminals = #"{"allow":true,"type":"c","major":136,"access":"rwm"}"#
    return ([#"{"allow":false,"access":"rwm"}"#] + named + [terminals]).joined(separator: ",")
  }()

  private func list(_ texts: [String]) -> String {
    "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  /// Removes the control groups: the directory above those of the containers, which crun leaves, and what a
  /// container that failed to start has left in it.
  func remove() {
    for mount in (try? MountView.mounts()) ?? [] where mount.type.hasPrefix("cgroup") {
      let parent = FilePath(mount.point).appending(cgroup)
      for name in Self.names { _ = parent.appending(name).withPlatformString { rmdir($0) } }
      _ = parent.withPlatformString { rmdir($0) }
    }
  }
}
