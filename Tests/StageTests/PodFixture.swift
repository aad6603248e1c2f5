import AppcSchema
import Glibc
import Stage
import SystemPackage
import Testing

/// A data directory and a BusyBox root file system in memory, gone with the test.
final class PodFixture {
  let directory: FilePath
  let pods: Pods
  private var files: [FileDescriptor] = []

  var rootfs: FilePath { directory.appending("rootfs") }

  init(hierarchies: CgroupHierarchies? = nil) throws {
    directory = FilePath("/dev/shm/appc-stage-test-\(PodUUID())")
    pods = try Pods(root: directory, hierarchies: hierarchies)
    try makeRootFS(rootfs)
  }

  deinit {
    _ = try? pods.collectGarbage(Pods.CollectionPolicy(grace: 0))
    for file in files { try? file.close() }
    _ = try? shell("rm -rf '\(directory)'")
  }

  func makeRootFS(_ path: FilePath) throws {
    let commands = [
      "sh", "cat", "ls", "id", "mount", "sleep", "kill", "readlink", "mknod", "stat", "tail", "dd", "touch",
    ]
    try shell(
      """
      mkdir -p '\(path)/bin' '\(path)/etc' && chmod 755 '\(path)' && cp /bin/busybox '\(path)/bin/busybox' \
      && for c in \(commands.joined(separator: " ")); do ln -s busybox '\(path)/bin/'$c; done \
      && printf 'root:x:0:0::/:/bin/sh\\nweb:x:1000:1001::/:/bin/sh\\n' > '\(path)/etc/passwd' \
      && printf 'root:x:0:\\nweb:x:1001:\\n' > '\(path)/etc/group'
      """)
  }

  /// Runs a script on the host.
  func shell(_ script: String) throws {
    let status = system(script)
    guard status == 0 else { throw Failure("script ended with \(status): \(script)") }
  }

  /// Runs a script in a pod of one app and returns how it ended and what it printed.
  func run(_ script: String, _ change: (inout App, inout PodSpecification) -> Void = { _, _ in }) throws -> (
    exit: PodExit, output: String
  ) {
    let output = try temporaryFile()
    let app = App(exec: ["/bin/sh", "-c", script], user: "0", group: "0")
    let pod = try pods.launch(specification([("app", app)], output: output, change))
    return (try pod.wait(), try text(of: output))
  }

  func specification(
    _ apps: [(name: String, app: App)], output: FileDescriptor? = nil,
    _ change: (inout App, inout PodSpecification) -> Void = { _, _ in }
  ) throws -> PodSpecification {
    let named = try apps.map { (try ACName($0.name), $0.app) }
    var specification = PodSpecification(
      manifest: PodManifest(apps: named.map { RuntimeApp(name: $0.0, image: RuntimeImage(), app: $0.1) }),
      roots: Dictionary(uniqueKeysWithValues: named.map { ($0.0, RootSource.overlay(rootfs)) }),
      streams: Dictionary(
        uniqueKeysWithValues: named.map { ($0.0, AppStreams(output: output, error: output)) }))
    for index in specification.manifest.apps.indices {
      guard var app = specification.manifest.apps[index].app else { continue }
      change(&app, &specification)
      specification.manifest.apps[index].app = app
    }
    return specification
  }

  func temporaryFile() throws -> FileDescriptor {
    let path = directory.appending("output-\(files.count)")
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .append], permissions: .ownerReadWrite)
    files.append(file)
    return file
  }

  func text(of file: FileDescriptor) throws -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

extension Trait where Self == ConditionTrait {
  /// Starting pods needs root.
  static var needsRoot: Self { .enabled(if: geteuid() == 0, "starting pods needs root") }
}
