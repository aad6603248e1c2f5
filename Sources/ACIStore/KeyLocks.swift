import ACIArchive
public import SystemPackage

/// Locks by key: any bytes name a lock, which processes and threads that open the same directory share.
///
/// A lock is a `FileLock` on a small file of the directory, made when it is first asked for. Files may be removed
/// at any time by `removeUnused`: whoever waited for one that is gone, or was replaced, takes its successor.
///
/// ```swift
/// let locks = try KeyLocks(directory: "/var/lib/example/locks")
/// try locks.withLock("fetch https://example.com/app.aci".utf8, waiting: .atMost(.seconds(60))) {
///   try fetch()
/// }
/// _ = try locks.removeUnused()
/// ```
///
/// Keys are compared byte by byte. One thread that asks twice for the same key waits for itself.
public struct KeyLocks: Sendable {
  /// Shared by the copies of the value, closed with the last.
  private final class Directory: Sendable {
    let file: OwnedDescriptor

    init(_ file: consuming OwnedDescriptor) {
      self.file = file
    }
  }

  /// Where the files of the locks are.
  public let path: FilePath
  private let directory: Directory

  /// Opens the directory, and makes it with mode 0700 when it is missing; its parent must exist.
  ///
  /// Must not be a symbolic link. Whoever may write there can hold the locks. Throws `system`.
  public init(directory path: FilePath) throws(StoreError) {
    self.path = path
    directory = try attempting("open locks", path.shown) { () throws(Errno) in
      try Directory(KeyLocks.openOrMake(path))
    }
  }

  /// Takes the lock of a key and gives it to the caller to keep.
  ///
  /// Blocks as `FileLock.init(at:_:waiting:isCancelled:)` does and throws as it does, but never `notFound` because
  /// the key is new.
  public func lock(
    _ key: some Collection<UInt8>, _ mode: FileLock.Mode = .exclusive, waiting: FileLock.Waiting = .forever,
    isCancelled: (() -> Bool)? = nil
  ) throws(StoreError) -> FileLock {
    var wait = LockWait(waiting, isCancelled)
    return try FileLock(in: directory.file.raw, try name(of: key), mode, &wait, creating: true)
  }

  /// The lock of a key if it is free now, else nil.
  public func lockIfFree(
    _ key: some Collection<UInt8>, _ mode: FileLock.Mode = .exclusive
  ) throws(StoreError) -> FileLock? {
    try FileLock.ifFree(in: directory.file.raw, try name(of: key), mode, creating: true)
  }

  /// Calls `body` while the lock of a key is held.
  ///
  /// Throws what `lock(_:_:waiting:isCancelled:)` throws, a `StoreError`, or what `body` throws.
  public func withLock<Result: ~Copyable>(
    _ key: some Collection<UInt8>, _ mode: FileLock.Mode = .exclusive, waiting: FileLock.Waiting = .forever,
    isCancelled: (() -> Bool)? = nil, _ body: () throws -> Result
  ) throws -> Result {
    let lock = try lock(key, mode, waiting: waiting, isCancelled: isCancelled)
    let result = try body()
    lock.release()
    return result
  }

  /// Removes the files of locks that nobody holds, and says how many.
  ///
  /// Safe beside everything else. What is in the directory besides is left alone. Throws `system`.
  public func removeUnused() throws(StoreError) -> Int {
    let names = try attempting("remove unused locks in", path.shown) { () throws(Errno) in
      var stream = try DirectoryStream(adopting: try Kernel.openDirectory(directory.file.raw, "."))
      return try stream.names().filter(KeyLockName.isOne)
    }
    var count = 0
    for name in names where try removeIfUnused(name) { count += 1 }
    return count
  }

  /// Whoever holds the lock exclusively may remove its file: those who wait for it look again.
  private func removeIfUnused(_ name: FilePath) throws(StoreError) -> Bool {
    do {
      guard let lock = try FileLock.ifFree(in: directory.file.raw, name, .exclusive) else { return false }
      try attempting("remove lock", name.shown) { () throws(Errno) in
        try Kernel.unlink(directory.file.raw, name)
      }
      lock.release()
      return true
    } catch {
      // Somebody else removes unused locks too.
      if error.code == .notFound { return false }
      throw error
    }
  }

  private static func openOrMake(_ path: FilePath) throws(Errno) -> OwnedDescriptor {
    let here = Kernel.workingDirectory
    do {
      return try Kernel.openDirectory(here, path)
    } catch .noSuchFileOrDirectory {
      do {
        try Kernel.makeDirectory(here, path)
      } catch .fileExists {}
      return try Kernel.openDirectory(here, path)
    }
  }

  private func name(of key: some Collection<UInt8>) throws(StoreError) -> FilePath {
    do {
      return try KeyLockName.name(of: key)
    } catch {
      throw StoreError(error, operation: "lock", subject: path.shown)
    }
  }
}
