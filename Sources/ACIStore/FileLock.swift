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
///
/// ```swift
/// let lock = try FileLock(at: "/var/lib/example/index", .exclusive, waiting: .atMost(.seconds(5)))
/// try rewriteIndex()
/// lock.release()
/// ```
///
/// Nobody is promised a turn: readers that follow each other closely may keep a writer waiting, and who waits
/// with a deadline or a closure asks again every 50 ms at the latest, so others may be faster.
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
  /// Blocks as `waiting` says. With `isCancelled`, which is asked at least every 50 ms as long as somebody else
  /// holds the lock, the wait ends as soon as the answer is true. Signals do not end it. Throws `timedOut` or
  /// `busy` when the lock was not to be had, `stopped` when the wait was cancelled, `notFound` when there is
  /// nothing at `path`, and `system`.
  public init(
    at path: FilePath, _ mode: Mode, waiting: Waiting = .forever, isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) {
    var wait = LockWait(waiting, isCancelled)
    try self.init(in: Kernel.workingDirectory, path, mode, &wait)
  }

  /// The lock on the file at `path` if it is free now, else nil.
  public static func ifFree(at path: FilePath, _ mode: Mode) throws(StoreError) -> FileLock? {
    try ifFree(in: Kernel.workingDirectory, path, mode)
  }

  /// Gives this lock up for one of the other mode on the same file.
  ///
  /// Not atomic in either direction: the kernel drops the old lock before it grants the new one, so somebody
  /// else may have had the lock, and changed what it guards, in between. Two holders of shared locks who both
  /// wait for an exclusive one do not stand in each other's way for that reason. Nil, with the old lock gone,
  /// when `waiting` ended first or when the file was removed meanwhile: start again with a new lock. Throws
  /// `stopped` and `system`, with the old lock gone too. On NFS only a lock that was taken as an exclusive one can
  /// become exclusive again.
  public consuming func converted(
    to mode: Mode, waiting: Waiting = .forever, isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) -> FileLock? {
    var wait = LockWait(waiting, isCancelled)
    let subject = "descriptor \(file.raw)"
    guard try wait.lock(file.raw, mode, subject: subject) else { return nil }
    let raw = file.raw
    let status = try attempting("lock", subject) { () throws(Errno) in try Kernel.status(raw) }
    if status.links == 0 { return nil }
    return consume self
  }

  /// Unlocks; what the end of the value's life does too.
  public consuming func release() {}
}

extension FileLock {
  /// A lock that was already taken on `file`.
  init(holding file: consuming OwnedDescriptor) {
    self.file = file
  }

  /// Waits until the lock is free, or the wait is cancelled.
  init(
    in directory: Int32, _ name: FilePath, _ mode: Mode, _ isCancelled: (() -> Bool)?
  ) throws(StoreError) {
    var wait = LockWait(.forever, isCancelled)
    try self.init(in: directory, name, mode, &wait)
  }

  /// With `creating`, a file that is missing is made, empty and of mode 0600.
  init(
    in directory: Int32, _ name: FilePath, _ mode: Mode, _ wait: inout LockWait, creating: Bool = false
  ) throws(StoreError) {
    guard let lock = try FileLock.acquire(in: directory, name, mode, &wait, creating: creating) else {
      throw wait.notAcquired(name.shown)
    }
    self = lock
  }

  static func ifFree(
    in directory: Int32, _ name: FilePath, _ mode: Mode, creating: Bool = false
  ) throws(StoreError) -> FileLock? {
    var wait = LockWait(.never, nil)
    return try acquire(in: directory, name, mode, &wait, creating: creating)
  }

  /// Opens, locks, and looks whether the name still means that file; nil when the waiting ended first.
  private static func acquire(
    in directory: Int32, _ name: FilePath, _ mode: Mode, _ wait: inout LockWait, creating: Bool
  ) throws(StoreError) -> FileLock? {
    var writing = false
    while true {
      let file = try open(directory, name, creating: creating, writing: writing)
      do throws(StoreError) {
        guard try wait.lock(file.raw, mode, subject: name.shown) else { return nil }
      } catch {
        // What NFS says of an exclusive lock on what is open for reading. To open everything for writing would have
        // overlayfs copy a blob before it is removed.
        guard error.errno == .badFileDescriptor, !writing, mode == .exclusive else { throw error }
        writing = true
        continue
      }
      let raw = file.raw
      let isCurrent = try attempting("lock", name.shown) { () throws(Errno) in
        try isFile(raw, namedBy: name, in: directory)
      }
      if isCurrent { return FileLock(holding: file) }
    }
  }

  private static func open(
    _ directory: Int32, _ name: FilePath, creating: Bool, writing: Bool
  ) throws(StoreError) -> OwnedDescriptor {
    do {
      return try Kernel.openToLock(directory, name, creating: creating, writing: writing)
    } catch .noSuchFileOrDirectory {
      throw StoreError(
        .notFound, operation: "lock", subject: name.shown, detail: "there is no such file",
        errno: .noSuchFileOrDirectory)
    } catch {
      throw StoreError(system: error, operation: "lock", subject: name.shown)
    }
  }

  private static func isFile(
    _ file: Int32, namedBy name: FilePath, in directory: Int32
  ) throws(Errno) -> Bool {
    let held = try Kernel.status(file)
    do {
      return try Kernel.status(directory, name).isSameFile(as: held)
    } catch .noSuchFileOrDirectory {
      return false
    }
  }
}
