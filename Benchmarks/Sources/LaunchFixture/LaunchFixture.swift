public import AppcSchema
import Glibc
import Measuring
public import Stage
public import SystemPackage

/// A root file system with BusyBox in it and a data directory for pods, both on a tmpfs of their own names.
///
/// Everything that a benchmark makes lies under ``directory``; ``remove()`` takes it away.
public struct LaunchFixture: Sendable {
  /// The directory of this run.
  public let directory: FilePath
  /// The rendered tree: BusyBox, and `true` and `sh` as links to it.
  public let rootfs: FilePath
  /// The pods of this run.
  public let pods: Pods

  /// Makes the directory and what is in it.
  ///
  /// - Throws: `Problem` when there is no static BusyBox, or the tmpfs cannot be written.
  public init() throws {
    directory = FilePath("/dev/shm/appc-benchmark-\(getpid())")
    rootfs = directory.appending("image").appending("rootfs")
    do {
      try Self.fill(rootfs)
      pods = try Pods(root: directory.appending("data"))
    } catch {
      Self.removeTree(directory)
      throw error
    }
  }

  private static func fill(_ rootfs: FilePath) throws {
    let places: [String] = ["/bin/busybox", "/usr/bin/busybox"]
    guard let busybox = places.first(where: { access($0, X_OK) == 0 }) else {
      throw Problem("there is no busybox here: apt-get install busybox-static")
    }
    // Mount points are in the tree, as the peers cannot make them in one that is not theirs.
    let made = ["bin", "dev", "etc", "proc", "sys"].map { "'\(rootfs)/\($0)'" }.joined(separator: " ")
    try shell(
      "mkdir -p \(made) && cp '\(busybox)' '\(rootfs)/bin/busybox'"
        + " && ln -s busybox '\(rootfs)/bin/true' && ln -s busybox '\(rootfs)/bin/sh'"
        + " && printf 'root:x:0:0::/:/bin/sh\\n' > '\(rootfs)/etc/passwd'"
        + " && printf 'root:x:0:\\n' > '\(rootfs)/etc/group' && '\(rootfs)/bin/true'")
  }

  /// A pod of `count` apps that run `/bin/true`, each in a root of its own.
  public func specification(
    apps count: Int = 1, isolators: [Isolator] = [], root: (FilePath) -> RootSource = RootSource.overlay
  ) throws -> PodSpecification {
    let app = App(exec: ["/bin/true"], user: "0", group: "0", isolators: isolators)
    let names = try (0..<count).map { try ACName("true-\($0)") }
    return PodSpecification(
      manifest: PodManifest(apps: names.map { RuntimeApp(name: $0, image: RuntimeImage(), app: app) }),
      roots: Dictionary(uniqueKeysWithValues: names.map { ($0, root(rootfs)) }))
  }

  /// Runs a pod to its end and checks that every app ended with 0; the pod's directory is still there.
  public func run(_ specification: PodSpecification) throws {
    let exit = try pods.launch(specification).wait()
    guard exit.status == 0 else { throw Problem("a pod ended with status \(exit.status)") }
  }

  /// Removes every pod and the directory.
  public func remove() {
    _ = try? pods.collectGarbage(Pods.CollectionPolicy(grace: 0))
    Self.removeTree(directory)
  }

  private static func removeTree(_ directory: FilePath) {
    try? shell("rm -rf '\(directory)'")
  }

  /// Runs a script on the host.
  static func shell(_ script: String) throws {
    let status = system(script)
    guard status == 0 else { throw Problem("this script ended with wait status \(status): \(script)") }
  }
}
