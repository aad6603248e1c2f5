import Glibc
import SystemPackage

/// The hidden names beside an output, for what is not complete yet or no longer wanted.
///
/// Each output has a few names of its own, so that what a killed process left is found by the next one that makes
/// the same output. Whoever uses a name holds a lock (`flock`) on what lies there. The kernel drops the lock when the
/// process dies: what nobody has locked is nobody's. Where the file system has no locks, names are
/// random, and nothing is removed.
///
/// In a directory where others may rename, a name proves nothing: there names are random, and nothing is removed.
struct HiddenNames {
  private static let count = 4
  /// For what may be of any kind: a FIFO's other end is not waited for.
  private static let lookingFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY

  private let directory: CInt
  private let fixed: [FilePath]
  /// Others may make files in the directory, but not move ours: only what is ours is removed.
  private let isShared: Bool

  /// The names for `output` in `directory`, which stays open meanwhile.
  init(for output: FilePath, in directory: CInt) {
    self.directory = directory
    var status = stat()
    let isKnown = (try? Kernel.glibc { fstat(directory, &status) }) != nil
    isShared = status.st_mode & 0o022 != 0
    let isSafe =
      isKnown && [0, geteuid()].contains(status.st_uid) && (!isShared || status.st_mode & S_ISVTX != 0)
    let hash = String(HiddenNames.hash(output), radix: 16)
    fixed = isSafe ? (0..<HiddenNames.count).map { FilePath(".appc-\(hash)-\($0)") } : []
  }

  /// FNV-1a: names may be too long to be part of another name.
  ///
  /// Outputs with the same hash share their names, which only the locks matter for.
  private static func hash(_ name: FilePath) -> UInt64 {
    name.withPlatformString { text in
      UnsafeBufferPointer(start: text, count: strlen(text)).reduce(0xcbf2_9ce4_8422_2325) {
        ($0 ^ UInt64(UInt8(bitPattern: $1))) &* 0x100_0000_01b3
      }
    }
  }
}

// MARK: Using a name

extension HiddenNames {
  /// Something under a hidden name, locked.
  struct Place: ~Copyable {
    let name: FilePath
    let descriptor: OwnedDescriptor
  }

  /// Makes something under a free name: `make` makes it, or throws `fileExists`, and opens it.
  ///
  /// Throws `resourceBusy` when another process is at work under a name: it makes the same output.
  func claim(_ make: (FilePath) throws(Errno) -> OwnedDescriptor) throws(Errno) -> Place {
    for name in fixed {
      do throws(Errno) {
        let made = try make(name)
        if try isHeld(name, made.raw) { return Place(name: name, descriptor: made) }
      } catch .fileExists {
        if isInUse(name) { throw .resourceBusy }
      } catch .noSuchFileOrDirectory {
        continue
      }
    }
    let name = FilePath.randomName(".appc")
    return Place(name: name, descriptor: try make(name))
  }

  /// Locks what was just made; false when somebody who removes what is left behind saw it before the lock was on it.
  private func isHeld(_ name: FilePath, _ made: CInt) throws(Errno) -> Bool {
    do throws(Errno) {
      guard try HiddenNames.lock(made) else { return false }
      return try isNamed(name, made)
    } catch {
      try? TreeRemoval.remove(name, in: directory)
      // It may be for want of memory: the next process would take what nobody has locked under this name for
      // abandoned. Under a random one nobody looks.
      guard error.meansNoLocks else { throw error }
      return false
    }
  }

  /// Whether a process of ours is at work under the name.
  ///
  /// A lock proves that only on what nobody else can open: on anything else it may be held to keep us from our work.
  private func isInUse(_ name: FilePath) -> Bool {
    guard let found = try? Kernel.open(directory, name, HiddenNames.lookingFlags) else { return false }
    let raw = found.raw
    var status = stat()
    guard (try? Kernel.glibc({ fstat(raw, &status) })) != nil, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0
    else { return false }
    guard let isOurs = try? HiddenNames.lock(raw) else { return false }
    // Whoever has just made it finds it locked, by us, and takes another name.
    if isOurs, (try? isNamed(name, raw)) == true { try? TreeRemoval.remove(name, in: directory) }
    return !isOurs
  }

  /// Gives a file or directory that is locked a free name: `give` does so, or throws `fileExists`.
  func take(_ give: (FilePath) throws(Errno) -> Void) throws(Errno) -> FilePath {
    for name in fixed {
      do throws(Errno) {
        try give(name)
        return name
      } catch .fileExists {}
    }
    let name = FilePath.randomName(".appc")
    try give(name)
    return name
  }

  /// Locks what is, or is going to be, under a hidden name; false when another process has it.
  ///
  /// Waits for nobody. On a file system without locks it throws.
  static func lock(_ file: CInt) throws(Errno) -> Bool {
    do throws(Errno) {
      _ = try Kernel.glibc { flock(file, LOCK_EX | LOCK_NB) }
      return true
    } catch .wouldBlock {
      return false
    }
  }
}

// MARK: What is left behind

extension HiddenNames {
  /// Removes what killed processes left under the names.
  ///
  /// What cannot be removed is no obstacle: there are other names.
  func removeAbandoned() {
    for name in fixed { try? removeAbandoned(name) }
  }

  private func removeAbandoned(_ name: FilePath) throws(Errno) {
    let found = try Kernel.open(directory, name, HiddenNames.lookingFlags)
    let raw = found.raw
    var status = stat()
    _ = try Kernel.glibc { fstat(raw, &status) }
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT), !isShared || status.st_uid == geteuid(),
      try HiddenNames.lock(raw), try isNamed(name, raw)
    else { return }
    try TreeRemoval.remove(name, in: directory)
  }

  /// Whether the name still means that file.
  private func isNamed(_ name: FilePath, _ file: CInt) throws(Errno) -> Bool {
    var held = stat()
    var named = stat()
    _ = try Kernel.glibc { fstat(file, &held) }
    do throws(Errno) {
      _ = try Kernel.glibc(name) { fstatat(directory, $0, &named, AT_SYMLINK_NOFOLLOW) }
    } catch .noSuchFileOrDirectory {
      return false
    }
    return held.st_dev == named.st_dev && held.st_ino == named.st_ino
  }
}

extension Errno {
  /// Whether this is how a file system says that it has no locks.
  fileprivate var meansNoLocks: Bool { self == .notSupported || self == .noLocks || self == .noFunction }
}
