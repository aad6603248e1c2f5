import Glibc
import SystemPackage

/// The lock of a pod: a `flock`, which belongs to the open file and so can be handed to pid 1.
enum PodLock {
  /// Makes the lock file and takes the lock; somebody who merely looks is waited for.
  static func create(_ path: FilePath) throws(Errno) -> OwnedDescriptor {
    let file = try SmallFile.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try take(file, LOCK_EX)
    return file
  }

  /// Keeps collectors from taking a pod's directory that has no lock file yet for one that was left behind.
  static func shared(_ directory: FilePath) throws(Errno) -> OwnedDescriptor {
    let file = try SmallFile.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try take(file, LOCK_SH)
    return file
  }

  /// Waits until nobody is between making a pod's directory and locking it.
  static func exclusive(_ directory: FilePath) throws(Errno) -> OwnedDescriptor {
    let file = try SmallFile.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try take(file, LOCK_EX)
    return file
  }

  private static func take(_ file: borrowing OwnedDescriptor, _ operation: Int32) throws(Errno) {
    while flock(file.rawValue, operation) != 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  /// Takes the lock if it is free; nil when somebody holds it.
  ///
  /// Who dies while making a pod may leave no lock file: nobody holds that.
  static func tryTake(_ path: FilePath) throws(Errno) -> Attempt {
    let file: OwnedDescriptor
    do {
      file = try SmallFile.open(path, O_RDONLY | O_NOFOLLOW)
    } catch Errno.noSuchFileOrDirectory {
      return Attempt(isFree: true, file: nil)
    }
    // Whoever looks at the state holds a shared lock for a moment: that is not yet a reason to say busy.
    for attempt in 0..<50 {
      if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return Attempt(isFree: true, file: file) }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw Errno(rawValue: errno) }
      if flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 { break }
      flock(file.rawValue, LOCK_UN)
      if attempt > 0 { usleep(1000) }
    }
    return Attempt(isFree: false, file: nil)
  }

  /// Whether somebody holds the lock, without taking it from under another's feet for longer than the look.
  static func isHeld(_ path: FilePath) -> Bool {
    do throws(Errno) {
      let file = try SmallFile.open(path, O_RDONLY | O_NOFOLLOW)
      return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    } catch {
      // Out of descriptors, say: what cannot be looked at counts as held, or a running pod could be taken for dead.
      return error != .noSuchFileOrDirectory
    }
  }

  /// The outcome of trying: the lock is ours for as long as this lives.
  struct Attempt: ~Copyable {
    let isFree: Bool
    let file: OwnedDescriptor?
  }
}
