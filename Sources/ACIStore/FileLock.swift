import ACIArchive
public import SystemPackage

/// A `flock` on a file or directory, held as long as the value lives.
///
/// The lock belongs to the open file description that this value owns, so it excludes other threads of this
/// process as well as other processes, and ends with the value, however the process ends. A child that is
/// given the descriptor holds the lock too, until it closes it.
///
/// A lock taken by path is on the file that has the path *after* the lock was granted: a file that was
/// removed or replaced in between is noticed and the lock is taken again on its successor.
public struct FileLock: ~Copyable, Sendable {
  /// Who else may hold the lock.
  public enum Mode: Sendable {
    /// Other shared holders.
    case shared
    /// Nobody.
    case exclusive
  }

  /// What to do while somebody else holds the lock.
  public enum Waiting: Sendable {
    /// Block until it is free.
    case forever
    /// Give up at once.
    case never
    /// Give up after this long.
    case atMost(Duration)
  }

  private let file: OwnedDescriptor

  /// The locked descriptor, valid as long as this value; close-on-exec.
  ///
  /// Passing it to a child process (by `dup2` there, or SCM_RIGHTS) shares the lock.
  public var descriptor: FileDescriptor { FileDescriptor(rawValue: file.raw) }

  /// Locks the file or directory at `path`, which must exist.
  ///
  /// Blocks as `waiting` says. Throws `timedOut` or `busy` when the lock was not to be had, `notFound` when
  /// there is nothing at `path`.
  public init(at path: FilePath, _ mode: Mode, waiting: Waiting = .forever) throws(StoreError) {
    try self.init(in: Kernel.workingDirectory, path, mode, waiting: waiting)
  }

  /// The lock on the file at `path` if it is free now, else nil.
  public static func ifFree(at path: FilePath, _ mode: Mode) throws(StoreError) -> FileLock? {
    try ifFree(in: Kernel.workingDirectory, path, mode)
  }

  /// Changes an exclusive lock into a shared one or back.
  ///
  /// Not atomic: somebody else may have had the lock in between. False, with the old lock possibly lost,
  /// when `waiting` ended first.
  public mutating func convert(to mode: Mode, waiting: Waiting = .forever) throws(StoreError) -> Bool {
    try FileLock.acquire(file.raw, mode, waiting, subject: "descriptor \(file.raw)")
  }

  /// Unlocks; what the end of the value's life does too.
  public consuming func release() {}
}

extension FileLock {
  /// A lock that was already taken on `file`.
  init(holding file: consuming OwnedDescriptor) {
    self.file = file
  }

  init(in directory: Int32, _ name: FilePath, _ mode: Mode, waiting: Waiting) throws(StoreError) {
    guard let lock = try FileLock.acquire(in: directory, name, mode, waiting) else {
      throw FileLock.notAcquired(waiting, subject: name.shown)
    }
    self = lock
  }

  static func ifFree(in directory: Int32, _ name: FilePath, _ mode: Mode) throws(StoreError) -> FileLock? {
    try acquire(in: directory, name, mode, .never)
  }

  /// Opens, locks, and looks whether the name still means that file; nil when the waiting ended first.
  private static func acquire(
    in directory: Int32, _ name: FilePath, _ mode: Mode, _ waiting: Waiting
  ) throws(StoreError) -> FileLock? {
    let deadline = waiting.deadline
    while true {
      let file = try open(directory, name)
      guard try acquire(file.raw, mode, waiting.remaining(until: deadline), subject: name.shown) else {
        return nil
      }
      let held = try attempting("lock", name.shown) { () throws(Errno) in try Kernel.status(file.raw) }
      if let named = try? Kernel.status(directory, name), named.isSameFile(as: held) {
        return FileLock(holding: file)
      }
    }
  }

  private static func open(_ directory: Int32, _ name: FilePath) throws(StoreError) -> OwnedDescriptor {
    do {
      return try Kernel.openToLock(directory, name)
    } catch .noSuchFileOrDirectory {
      throw StoreError(
        .notFound, operation: "lock", subject: name.shown, detail: "there is no such file",
        errno: .noSuchFileOrDirectory)
    } catch {
      throw StoreError(system: error, operation: "lock", subject: name.shown)
    }
  }

  /// False when the waiting ended first.
  ///
  /// `flock` knows no deadline, so one is kept by asking again.
  private static func acquire(
    _ file: Int32, _ mode: Mode, _ waiting: Waiting, subject: String
  ) throws(StoreError) -> Bool {
    let exclusive = mode == .exclusive
    let deadline = waiting.deadline
    var pause = Duration.milliseconds(1)
    while true {
      let wait = if case .forever = waiting { true } else { false }
      let taken = try attempting("lock", subject) { () throws(Errno) in
        try Kernel.lock(file, exclusive: exclusive, wait: wait)
      }
      if taken { return true }
      guard let deadline, ContinuousClock.now < deadline else { return false }
      Kernel.sleep(min(pause, deadline - ContinuousClock.now))
      pause = min(pause * 2, .milliseconds(50))
    }
  }

  private static func notAcquired(_ waiting: Waiting, subject: String) -> StoreError {
    if case .atMost(let time) = waiting {
      return StoreError(
        .timedOut, operation: "lock", subject: subject,
        detail: "another process still held it after \(time): try again, or wait longer")
    }
    return StoreError(
      .busy, operation: "lock", subject: subject, detail: "another process holds it: try again later")
  }
}

extension FileLock.Waiting {
  fileprivate var deadline: ContinuousClock.Instant? {
    if case .atMost(let time) = self { return ContinuousClock.now + time }
    return nil
  }

  fileprivate func remaining(until deadline: ContinuousClock.Instant?) -> Self {
    deadline.map { .atMost(max(.zero, $0 - ContinuousClock.now)) } ?? self
  }
}
