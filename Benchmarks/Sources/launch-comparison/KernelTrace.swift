import Glibc
import Measuring
import SystemPackage

/// The kernel's own trace of every system call, start and end of processes: a microsecond an event, where strace
/// takes a hundred.
final class KernelTrace {
  private let instance: FilePath
  private let ownMount: FilePath?
  private let marker: FileDescriptor

  /// Makes a trace buffer of its own beside the machine's, and begins.
  ///
  /// - Throws: `Problem` when this kernel has no tracefs, or one that may not be used.
  init(in directory: FilePath) throws {
    let mounted = try MountView.mounts().first { $0.type == "tracefs" }?.point
    let root = mounted.map { FilePath($0) } ?? directory.appending("tracing")
    ownMount = mounted == nil ? root : nil
    instance = root.appending("instances").appending("appc-benchmark-\(getpid())")
    if let ownMount { try Self.mount(ownMount) }
    do {
      guard instance.withPlatformString({ mkdir($0, 0o700) }) == 0 else {
        throw Problem("\(instance) cannot be made: \(Errno(rawValue: errno))")
      }
      marker = try FileDescriptor.open(instance.appending("trace_marker"), .writeOnly)
      try Self.configure(instance)
    } catch {
      Self.remove(instance, ownMount)
      throw error
    }
  }

  deinit {
    try? marker.close()
    Self.remove(instance, ownMount)
  }

  private static func mount(_ path: FilePath) throws {
    _ = path.withPlatformString { mkdir($0, 0o700) }
    guard path.withPlatformString({ Glibc.mount("tracefs", $0, "tracefs", 0, nil) }) == 0 else {
      throw Problem("this kernel's tracefs cannot be mounted: \(Errno(rawValue: errno))")
    }
  }

  private static func configure(_ instance: FilePath) throws {
    try SmallText.write("mono", to: instance.appending("trace_clock"))
    try SmallText.write("32768", to: instance.appending("buffer_size_kb"))
    let events = [
      "syscalls", "sched/sched_process_fork", "sched/sched_process_exec", "sched/sched_process_exit",
    ]
    for event in events {
      try SmallText.write("1", to: instance.appending("events").pushing(FilePath(event)).appending("enable"))
    }
  }

  private static func remove(_ instance: FilePath, _ ownMount: FilePath?) {
    _ = instance.withPlatformString { rmdir($0) }
    guard let ownMount else { return }
    _ = ownMount.withPlatformString { umount2($0, Int32(MNT_DETACH)) }
  }

  /// Puts a line of our own among the events.
  func mark(_ text: String) throws { _ = try marker.writeAll(Array(text.utf8)) }

  /// Ends the recording and returns what was recorded.
  func finish() throws -> [TraceEvent] {
    try SmallText.write("0", to: instance.appending("tracing_on"))
    return try SmallText.read(instance.appending("trace")).utf8.split(separator: UInt8(ascii: "\n"))
      .compactMap { TraceEvent(line: $0) }
  }
}

/// One line of a trace.
struct TraceEvent {
  enum Kind: Equatable {
    case enter
    case leave(failed: Bool)
    case mark
    case fork(child: Int32)
    case exec
    case exit
  }

  /// Microseconds.
  let time: Int64
  let pid: Int32
  let kind: Kind
  /// The system call, or the text of a mark.
  let name: String

  /// Takes lines like `name-123 [001] ..... 5131.690651: sys_openat(dfd: 1)`, `... sys_openat -> 0x3`.
  init?(line: Substring.UTF8View) {
    let text = String(Substring(line))
    guard let bracket = text.utf8.firstRange(of: " [".utf8)?.lowerBound,
      let colon = text.utf8[bracket...].firstRange(of: ": ".utf8)?.lowerBound,
      let pid = text[..<bracket].split(separator: " ").last?.split(separator: "-").last.flatMap({ Int32($0) }
      ),
      let seconds = text[bracket..<colon].split(separator: " ").last
    else { return nil }
    let parts = seconds.split(separator: ".")
    guard parts.count == 2, let whole = Int64(parts[0]), let rest = Int64(parts[1]) else { return nil }
    time = whole * 1_000_000 + rest
    self.pid = pid
    let body = text[text.utf8.index(colon, offsetBy: 2)...]
    guard let (kind, name) = Self.parsed(body) else { return nil }
    self.kind = kind
    self.name = name
  }

  private static func parsed(_ body: Substring) -> (Kind, String)? {
    func rest(after prefix: String) -> Substring? {
      body.hasPrefix(prefix) ? body.dropFirst(prefix.count) : nil
    }
    if let text = rest(after: "tracing_mark_write: ") { return (.mark, String(text)) }
    if rest(after: "sched_process_exec: ") != nil { return (.exec, "") }
    if rest(after: "sched_process_exit: ") != nil { return (.exit, "") }
    if let text = rest(after: "sched_process_fork: ") {
      let child = text.split(separator: " ").first { $0.hasPrefix("child_pid=") }
      return child.flatMap { Int32($0.dropFirst("child_pid=".count)) }.map { (.fork(child: $0), "") }
    }
    guard let call = rest(after: "sys_") else { return nil }
    if let arrow = call.utf8.firstRange(of: " -> ".utf8) {
      let result = call[arrow.upperBound...]
      return (.leave(failed: result.hasPrefix("0xfffffffffffff")), String(call[..<arrow.lowerBound]))
    }
    return (.enter, String(call.prefix { $0 != "(" }))
  }
}
