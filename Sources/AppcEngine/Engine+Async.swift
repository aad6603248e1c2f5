import Glibc
import SystemPackage

extension Engine {
  /// Runs blocking work of the engine on a thread of its own, never on the cooperative pool.
  ///
  /// The work is not interrupted when the task is cancelled: it is atomic, and its result is thrown away.
  ///
  /// - Throws: what the work throws, or `CancellationError` when the task was cancelled before or meanwhile.
  public func perform<Value: Sendable>(
    _ work: @escaping @Sendable (Engine) throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    let value = try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Value, any Error>) in
      let started = WorkerThread.start {
        continuation.resume(with: Result { try work(self) })
      }
      if !started {
        continuation.resume(
          throwing: EngineError(
            .invalidRequest, "starting", "a thread", errno: .resourceTemporarilyUnavailable))
      }
    }
    try Task.checkCancellation()
    return value
  }
}

/// A detached thread for work that blocks.
enum WorkerThread {
  private final class Job {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread; false when the system has no room for one.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    let outcome = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, job.toOpaque())
    guard outcome == 0 else {
      job.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
