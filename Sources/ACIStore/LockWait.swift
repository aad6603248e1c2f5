import ACIArchive
import SystemPackage

/// One wait for a lock: how long it may still last.
///
/// `flock` knows neither a deadline nor a way to end it from outside, so where one of these is asked for, the lock
/// is asked for again and again, at growing intervals.
struct LockWait {
  private static let longestPause = Duration.milliseconds(50)

  private let waiting: FileLock.Waiting
  /// Kept over all that the wait consists of, as files that are replaced meanwhile.
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: (() -> Bool)?
  private var pause = Duration.milliseconds(1)

  init(_ waiting: FileLock.Waiting, _ isCancelled: (() -> Bool)?) {
    self.waiting = waiting
    self.isCancelled = isCancelled
    deadline = if case .atMost(let time) = waiting { .now + time } else { nil }
  }

  /// Whether the kernel may be left to wait.
  private var blocks: Bool {
    if case .forever = waiting { isCancelled == nil } else { false }
  }

  /// Locks an open file; false when the wait ended first.
  ///
  /// A deadline is kept to the accuracy of the kernel's timers, and the lock is tried once more when it has come.
  mutating func lock(_ file: Int32, _ mode: FileLock.Mode, subject: String) throws(StoreError) -> Bool {
    while true {
      let blocks = blocks
      let taken = try attempting("lock", subject) { () throws(Errno) in
        try Kernel.lock(file, exclusive: mode == .exclusive, wait: blocks)
      }
      if taken { return true }
      if case .never = waiting { return false }
      let left = deadline.map { $0 - .now }
      if let left, left <= .zero { return false }
      if let isCancelled, isCancelled() {
        throw StoreError(.stopped, operation: "lock", subject: subject, detail: "the wait was cancelled")
      }
      Kernel.sleep(min(pause, left ?? pause))
      pause = min(pause * 2, LockWait.longestPause)
    }
  }

  /// The error for a wait that ended without the lock.
  func notAcquired(_ subject: String) -> StoreError {
    if case .atMost(let time) = waiting {
      return StoreError(
        .timedOut, operation: "lock", subject: subject,
        detail: "somebody else still held it after \(time): try again, or wait longer")
    }
    return StoreError(
      .busy, operation: "lock", subject: subject, detail: "somebody else holds it: try again later")
  }
}
