import AppcSchema
import Glibc
import SystemPackage
import Testing

/// The built `appc` with a data directory and a BusyBox image of its own, in memory, gone with the test.
final class CommandFixture {
  let directory: FilePath
  let data: FilePath
  private let executable: String
  private var runs = 0

  init() throws {
    directory = FilePath("/dev/shm/appc-command-test-\(PodUUID())")
    data = directory.appending("data")
    executable = try Self.findExecutable()
    try shell("mkdir -p '\(directory)'")
  }

  deinit {
    _ = try? appc("gc", "--grace-period=0")
    _ = try? shell("rm -rf '\(directory)'")
  }

  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// The command beside the test bundle.
  private static func findExecutable() throws -> String {
    var candidates: [FilePath] = []
    let arguments = CommandLine.arguments
    for (index, argument) in arguments.enumerated()
    where argument == "--test-bundle-path" && index + 1 < arguments.count {
      candidates.append(FilePath(arguments[index + 1]).removingLastComponent())
    }
    candidates += arguments.filter { $0.contains(".xctest") }.map { FilePath($0).removingLastComponent() }
    for directory in candidates where access(directory.appending("appc").string, X_OK) == 0 {
      return directory.appending("appc").string
    }
    throw Failure("no appc beside the tests: \(arguments)")
  }

  /// A layout with a BusyBox root file system and a manifest.
  @discardableResult
  func makeLayout(_ name: String = "image", manifest: String? = nil) throws -> FilePath {
    let layout = directory.appending(name)
    try shell(
      """
      mkdir -p '\(layout)/rootfs/bin' '\(layout)/rootfs/etc' && cp /bin/busybox '\(layout)/rootfs/bin/busybox' \
      && for c in sh cat ls sleep echo id true; do ln -sf busybox '\(layout)/rootfs/bin/'$c; done
      """)
    try write(
      manifest
        ?? """
        {"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/busybox",
         "labels": [{"name": "version", "value": "1.0"}],
         "app": {"exec": ["/bin/sh"], "user": "0", "group": "0", "environment": [{"name": "FROM", "value": "image"}]}}
        """, to: layout.appending("manifest"))
    return layout
  }

  /// A built image of that layout.
  func makeImage() throws -> FilePath {
    let image = directory.appending("busybox.aci")
    if access(image.string, F_OK) != 0 {
      let built = try appc("build", try makeLayout().string, image.string)
      #expect(built.status == 0, "\(built.error)")
    }
    return image
  }

  func write(_ text: String, to path: FilePath) throws {
    guard let file = fopen(path.string, "w") else { throw Failure("cannot write \(path)") }
    fputs(text, file)
    fclose(file)
  }

  func shell(_ script: String) throws {
    let status = system(script)
    guard status == 0 else { throw Failure("script ended with \(status): \(script)") }
  }

  /// Runs the command to its end.
  func appc(_ arguments: String..., environment: [String] = [], prefix: [String] = []) throws -> Result {
    try appc(arguments, environment: environment, prefix: prefix)
  }

  func appc(
    _ arguments: [String], environment: [String] = [], prefix: [String] = [], input: FilePath = "/dev/null",
    error: FilePath? = nil
  ) throws -> Result {
    let started = try start(
      arguments, environment: environment, prefix: prefix, input: input, error: error)
    var status: Int32 = 0
    while waitpid(started.pid, &status, 0) < 0 && errno == EINTR {}
    return Result(
      status: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f),
      output: try text(of: started.output), error: error == nil ? try text(of: started.error) : "")
  }

  /// Starts the command, its output in files, or `error` for standard error.
  func start(
    _ arguments: [String], environment: [String] = [], prefix: [String] = [], input: FilePath = "/dev/null",
    error: FilePath? = nil
  ) throws -> (pid: pid_t, output: FilePath, error: FilePath) {
    runs += 1
    let output = directory.appending("out-\(runs)")
    let error = error ?? directory.appending("err-\(runs)")
    let words = prefix + [executable] + (arguments.first == nil ? [] : ["--dir", data.string] + arguments)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input.string, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.string, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    posix_spawn_file_actions_addopen(&actions, 2, error.string, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    // A script may have started the tests with signals ignored.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let argv = words.map { strdup($0) } + [nil]
    let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    let envp = ([path, "LC_ALL=C", "TZ=UTC"] + environment).map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid = pid_t()
    let outcome = posix_spawnp(&pid, words[0], &actions, &attributes, argv, envp)
    guard outcome == 0 else { throw Failure("cannot start \(words[0]): \(outcome)") }
    return (pid, output, error)
  }

  /// How a started command ended, as `waitpid` tells it; one that does not end is killed after half a minute.
  func wait(for pid: pid_t) -> Int32 {
    var status: Int32 = 0
    for _ in 0..<3000 {
      if waitpid(pid, &status, WNOHANG) == pid { return status }
      usleep(10_000)
    }
    kill(pid, SIGKILL)
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  func text(of path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly)
    defer { try? file.close() }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// What is left of pods anywhere: directories, control groups.
  func leftovers() throws -> [String] {
    var left: [String] = []
    for state in ["preparing", "prepared", "run", "exited", "garbage"] {
      left += try names(in: data.appending("pods/\(state)")).map { "\(state)/\($0)" }
    }
    return left
  }

  func names(in path: FilePath) throws -> [String] {
    guard let stream = opendir(path.string) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
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
