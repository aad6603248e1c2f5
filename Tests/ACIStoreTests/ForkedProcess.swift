import Glibc
import SystemPackage

/// A child process that runs a closure of the test, started in a millisecond: for tests that need a thousand.
///
/// To be used in the process of an exit test only, where nothing else runs at the same time: the child has one
/// thread, and what another thread had locked stays locked in it.
struct ForkedProcess {
  /// How a process ended.
  enum End: Hashable {
    case exited(Int32)
    case killed(Int32)
    case threw(String)
  }

  /// Whether a child may start threads: where the thread sanitizer watches, it may not.
  static let isPossible = dlsym(nil, "__tsan_init") == nil

  private let pid: pid_t
  private let message: FileDescriptor

  /// Starts a process that exits with what `body` gives.
  static func start(_ body: () throws -> Int32) throws -> ForkedProcess {
    let pipe = try FileDescriptor.pipe()
    let pid = fork()
    guard pid >= 0 else { throw Errno(rawValue: errno) }
    if pid > 0 {
      try pipe.writeEnd.close()
      return ForkedProcess(pid: pid, message: pipe.readEnd)
    }
    do {
      _exit(try body())
    } catch {
      _ = try? pipe.writeEnd.writeAll("\(error)".utf8)
      _exit(99)
    }
  }

  /// Ends the process at whatever it is doing.
  func kill() { _ = Glibc.kill(pid, SIGKILL) }

  /// Waits for the process's end; to be called once.
  func end() throws -> End {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
    let text = try message.closeAfter {
      try String(unsafeUninitializedCapacity: 4096) {
        try message.read(into: UnsafeMutableRawBufferPointer($0))
      }
    }
    if !text.isEmpty { return .threw(text) }
    let signal = status & 0x7f
    return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal)
  }
}
