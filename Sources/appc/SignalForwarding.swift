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

  /// Takes the signals from now on, but for those that the caller has the command ignore; called before any other
  /// thread is started.
  static func start() -> SignalForwarding {
    let forwarding = SignalForwarding()
    SignalThread.start(taking: forwarded, forwarding.receive)
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

  private func receive(_ signal: Int32) {
    phase.withLock { phase in
      switch phase {
      case .preparing: _exit(128 + signal)
      case .launching(let waiting): phase = .launching(waiting: waiting + [signal])
      case .running(let pod): Self.pass(signal, to: pod)
      }
    }
  }

  private static func pass(_ signal: Int32, to pod: RunningPod) {
    pod.signal(signal, toGroup: signal == SIGINT)
  }
}
