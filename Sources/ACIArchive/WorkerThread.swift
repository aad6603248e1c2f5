import Glibc

/// A thread of a room's own, for work that blocks.
///
/// Every thread of this library is started here. Whoever starts one joins it: no thread outlives the value that it
/// works for.
package struct WorkerThread: Sendable {
  private final class Job {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  /// Starts a thread; nil when the system has no room for one, and then the caller does the work itself.
  package static func start(_ body: @escaping @Sendable () -> Void) -> WorkerThread? {
    #if DEBUG
      let body = FaultInjection.inherited(by: body)
    #endif
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    // pthread_create answers the error's number and is never interrupted: it is repeated for tests alone.
    let status = retryingInterrupts {
      pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body()
          return nil
        }, job.toOpaque()) == 0 ? 0 : -1
    }
    guard status == 0 else {
      job.release()
      return nil
    }
    return WorkerThread(thread: thread)
  }

  /// Waits for the thread's end; to be called once.
  package func join() {
    pthread_join(thread, nil)
  }
}
