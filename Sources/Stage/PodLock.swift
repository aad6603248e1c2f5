import Glibc
import SystemPackage

/// The lock of a pod: a `flock`, which belongs to the open file and so can be handed to pid 1.
enum PodLock {
  /// Makes the lock file and takes the lock.
  static func create(_ path: FilePath) throws(Errno) -> OwnedDescriptor {
    let file = try SmallFile.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw Errno(rawValue: errno) }
    return file
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
    if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return Attempt(isFree: true, file: file) }
    guard errno == EWOULDBLOCK else { throw Errno(rawValue: errno) }
    return Attempt(isFree: false, file: nil)
  }

  /// Whether somebody holds the lock, without taking it from under another's feet for longer than the look.
  static func isHeld(_ path: FilePath) -> Bool {
    guard let file = try? SmallFile.open(path, O_RDONLY | O_NOFOLLOW) else { return false }
    return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// The outcome of trying: the lock is ours for as long as this lives.
  struct Attempt: ~Copyable {
    let isFree: Bool
    let file: OwnedDescriptor?
  }
}
