#if DEBUG
  import Glibc
  import Synchronization
  package import SystemPackage

  /// Has chosen system calls of an operation fail, so that tests see what each failure leaves.
  ///
  /// Every call made through `Kernel` is a point, and so is every start of a thread. A plan goes with the thread that
  /// it is attached to and with those started from it through `WorkerThread`, so operations elsewhere in the process
  /// are not disturbed. Exists in debug builds only.
  package final class FaultInjection: Sendable {
    /// What happens at a point.
    package enum Fault: Hashable, Sendable {
      /// The call is not made and fails.
      ///
      /// After `interrupted` it is made again, as after a signal, and that is another point.
      case failure(Errno)
      /// The call moves at most half of the bytes that it is asked to move.
      ///
      /// Here the calls that move bytes are the only points.
      case short
      /// The process is killed before the call.
      case kill
    }

    private let fault: Fault?
    private let point: Int
    private let isLasting: Bool
    private let calls = Atomic(0)
    private let transfers = Atomic(0)
    private let fired = Atomic(false)

    /// Makes a plan for the call that is the `point`th, from 1, and when `isLasting` for all that come after it.
    ///
    /// A lasting `failure(.interrupted)` interrupts every other call, so that each is made in the end.
    package init(_ fault: Fault, at point: Int, isLasting: Bool = false) {
      self.fault = fault
      self.point = point
      self.isLasting = isLasting
    }

    /// Makes a plan that only counts.
    package init() {
      fault = nil
      point = 0
      isLasting = false
    }

    /// The calls made until now.
    package var callCount: Int { calls.load(ordering: .relaxed) }
    /// Those among them that move bytes.
    package var transferCount: Int { transfers.load(ordering: .relaxed) }
    /// Whether the plan's point was reached.
    package var hasFired: Bool { fired.load(ordering: .relaxed) }
  }

  // MARK: Attaching

  extension FaultInjection {
    private static let key: pthread_key_t = {
      var key = pthread_key_t()
      // Without a key nothing is ever attached, and the tests say so.
      pthread_key_create(&key, nil)
      return key
    }()

    /// The plan of the calling thread.
    static var current: FaultInjection? {
      pthread_getspecific(key).map { Unmanaged<FaultInjection>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Runs `body` with this plan on the calling thread.
    package func attached<Value: ~Copyable, Failure: Error>(
      _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
      let outer = pthread_getspecific(Self.key)
      pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
      defer {
        pthread_setspecific(Self.key, outer)
        withExtendedLifetime(self) {}
      }
      return try body()
    }

    /// The body of a new thread, which is to have the plan of the calling one.
    static func inherited(by body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
      guard let plan = current else { return body }
      return { plan.attached(body) }
    }
  }

  // MARK: Points

  extension FaultInjection {
    /// To be asked before each call: the error's number that it is to fail with, or nil when it is to be made.
    static func failure() -> CInt? { current?.failure() }

    /// To be asked before each call that moves bytes: how many it may ask for.
    static func permitted(_ count: Int) -> Int { current?.permitted(count) ?? count }

    private func failure() -> CInt? {
      let number = calls.add(1, ordering: .relaxed).newValue
      switch fault {
      case nil, .short: return nil
      case .failure(let errno):
        guard isDue(number), errno != .interrupted || (number - point) % 2 == 0 else { return nil }
        fired.store(true, ordering: .relaxed)
        return errno.rawValue
      case .kill:
        if isDue(number) { kill(getpid(), SIGKILL) }
        return nil
      }
    }

    private func permitted(_ count: Int) -> Int {
      let number = transfers.add(1, ordering: .relaxed).newValue
      guard fault == .short, isDue(number) else { return count }
      fired.store(true, ordering: .relaxed)
      // One byte is the hardest; half is what comes up once a long transfer was cut.
      return number % 2 == 0 ? min(count, 1) : (count + 1) / 2
    }

    private func isDue(_ number: Int) -> Bool { isLasting ? number >= point : number == point }
  }
#endif
