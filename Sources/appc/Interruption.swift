import Glibc
import Synchronization

/// Lets SIGINT, SIGTERM and SIGHUP end long work cleanly: it hears of them at its next step, leaves nothing, and then
/// the command dies by the signal, so that a shell sees what ended it.
///
/// A second signal ends the command at once, for whoever cannot wait.
final class Interruption: Sendable {
  /// What the work is stopped with.
  struct Stop: Error {}

  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private static let shared = Mutex<Interruption?>(nil)

  /// The signal that has come; 0 for none.
  private let received = Atomic<Int32>(0)
  /// Whether there is work that looks for one.
  private let isHeard = Atomic<Bool>(true)

  /// Takes the signals from now on, but for those that the caller has the command ignore.
  ///
  /// To be called before work that makes threads: they inherit that the signals are blocked.
  static func watch() -> Interruption {
    shared.withLock { shared in
      if let shared {
        shared.isHeard.store(true, ordering: .relaxed)
        return shared
      }
      let interruption = Interruption()
      SignalThread.start(taking: signals, interruption.receive)
      shared = interruption
      return interruption
    }
  }

  /// From now on a signal ends the command at once, as it does one that has never watched.
  static func unwatch() {
    shared.withLock { shared in
      shared?.isHeard.store(false, ordering: .sequentiallyConsistent)
      shared?.endIfAsked()
    }
  }

  /// Whether a signal has come while there was work that looks for one.
  static var hasCome: Bool {
    shared.withLock { ($0?.received.load(ordering: .relaxed) ?? 0) != 0 }
  }

  /// Throws when the work is to end.
  func check() throws {
    if received.load(ordering: .relaxed) != 0 { throw Stop() }
  }

  /// Dies by the signal that has come, if one has.
  func endIfAsked() {
    let signal = received.load(ordering: .sequentiallyConsistent)
    if signal != 0 { Self.die(by: signal) }
  }

  private func receive(_ signal: Int32) {
    let isSecond = received.exchange(signal, ordering: .sequentiallyConsistent) != 0
    if isSecond || !isHeard.load(ordering: .sequentiallyConsistent) { Self.die(by: signal) }
  }

  private static func die(by signal: Int32) -> Never {
    Console.clearStatus()
    var set = SignalThread.set(of: [signal])
    Glibc.signal(signal, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(signal)
    _exit(128 + signal)
  }
}
