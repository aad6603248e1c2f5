public import Logging
public import SystemPackage

/// A directory of images: content-addressed blobs, small records beside them, rendered trees.
///
/// Any number of processes and threads may use one store at once; there is no daemon and no database. Every
/// change appears whole or not at all, survives a power cut when the call has returned, and may be cut short by
/// kill -9 at any instruction: what was unfinished is collected by `collectGarbage`.
///
/// All methods block on the disk and are safe to call from any thread; call them from a thread of your own,
/// not from the concurrency pool.
public struct ImageStore: Sendable {
  let root: StoreRoot
  let logger: Logger
  /// Asked while an operation waits for a lock that somebody else holds.
  let isCancelled: (@Sendable () -> Bool)?

  /// The directory of the store.
  public var path: FilePath { root.path }

  /// Opens the store at `path`, and makes it when there is none.
  ///
  /// The directory must belong to the effective user and be closed to everybody else (mode 0700), and must
  /// not be a symbolic link: whoever can write there decides what pods run. Its parents are made as needed.
  /// Idempotent. Throws `unsafeRoot`, `unknownVersion`, `diskFull` or `system`.
  ///
  /// With `isCancelled`, which is asked at least every 50 ms as long as an operation waits for another, the operation
  /// ends as soon as the answer is true: with `stopped`, and nothing of it left.
  public static func open(
    at path: FilePath, logger: Logger = Logger(label: "appc.store") { _ in SwiftLogNoOpLogHandler() },
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> ImageStore {
    let root = try StoreRoot.open(at: path)
    try StoreFormat.prepare(root)
    return ImageStore(root: root, logger: logger, isCancelled: isCancelled)
  }

  /// Waits for the lock of a file or directory of the store.
  func lock(_ name: FilePath, _ mode: FileLock.Mode) throws(StoreError) -> FileLock {
    try FileLock(in: root.descriptor, name, mode, isCancelled)
  }
}
