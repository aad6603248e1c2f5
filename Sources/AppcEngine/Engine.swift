public import ACIStore
public import Logging
public import Stage
public import SystemPackage

/// The flows across the rooms: images go into the store, and pods of them run.
///
/// A value is cheap, holds no lock, and may be used from many threads. Its methods block, some for as long as it
/// takes to read an image; ``perform(_:)`` runs them on a thread of their own for callers with tasks.
public struct Engine: Sendable {
  /// The directory of all state, as root `/var/lib/appc`.
  public let directory: FilePath
  /// The images.
  public let store: ImageStore
  /// The pods.
  public let pods: Pods
  let logger: Logger

  /// Opens a data directory, and makes it if it is missing.
  ///
  /// With `isCancelled`, which is asked while the store has an operation wait for another, that operation ends as soon
  /// as the answer is true.
  ///
  /// - Throws: ``EngineError`` with `.store` or `.pod` when it cannot be made or is not safe to use.
  public init(
    directory: FilePath,
    logger: Logger = Logger(label: "appc.engine", factory: { _ in SwiftLogNoOpLogHandler() }),
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws(EngineError) {
    self.directory = directory
    self.logger = logger
    store = try Self.within(.store) { () throws(StoreError) in
      try ImageStore.open(at: directory, logger: logger, isCancelled: isCancelled)
    }
    pods = try Self.within(.pod) { () throws(StageError) in try Pods(root: directory, logger: logger) }
  }

  /// Does something of a room's, and passes its error on as the engine's.
  static func within<Failure: Error, Value: ~Copyable>(
    _ code: EngineError.Code, _ body: () throws(Failure) -> Value
  ) throws(EngineError) -> Value {
    do {
      return try body()
    } catch {
      throw EngineError(code, error)
    }
  }
}
