import AppcEngine
import Glibc
import Synchronization

/// Passes the signals that ask a command to end on to the pod's apps.
///
/// A thread takes them from the first moment. While images are read they end the command, for everything may be
/// ended anywhere; while the pod is being started they wait for it, a matter of milliseconds. SIGINT goes to
/// each app's process group, as a terminal sends it; the others to its first process.
final class SignalForwarding: Sendable {
  private enum Phase {
    case preparing
    case launching(waiting: [Int32])
    case running(RunningPod)
  }

  private static let forwarded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  private let phase = Mutex(Phase.preparing)

  /// Takes the signals from now on; called before any other thread is started.
  static func start() -> SignalForwarding {
    var set = signals
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let forwarding = SignalForwarding()
    let argument = Unmanaged.passRetained(forwarding)
    var thread = pthread_t()
    let outcome = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SignalForwarding>.fromOpaque(argument).takeRetainedValue().loop()
      }, argument.toOpaque())
    if outcome == 0 {
      pthread_detach(thread)
    } else {
      // No thread to take them: then they had better end the command.
      argument.release()
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
    return forwarding
  }

  /// From here to ``forward(to:)`` signals wait.
  func holdBack() {
    phase.withLock { $0 = .launching(waiting: []) }
  }

  /// Passes on what has waited, and everything that comes.
  func forward(to pod: RunningPod) {
    phase.withLock { phase in
      if case .launching(let waiting) = phase { waiting.forEach { Self.pass($0, to: pod) } }
      phase = .running(pod)
    }
  }

  private func loop() -> Never {
    var set = Self.signals
    while true {
      var signal: Int32 = 0
      guard sigwait(&set, &signal) == 0 else { continue }
      phase.withLock { phase in
        switch phase {
        case .preparing: _exit(128 + signal)
        case .launching(let waiting): phase = .launching(waiting: waiting + [signal])
        case .running(let pod): Self.pass(signal, to: pod)
        }
      }
    }
  }

  private static func pass(_ signal: Int32, to pod: RunningPod) {
    pod.signal(signal, toGroup: signal == SIGINT)
  }

  private static var signals: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in forwarded { sigaddset(&set, signal) }
    return set
  }
}
