import AppcEngine
import Glibc

/// Passes the signals that ask a command to end on to the pod's apps.
///
/// The signals are blocked from the first moment, so that one that comes while the pod is being started waits
/// for it. SIGINT goes to each app's process group, as a terminal sends it; the others to its first process.
enum SignalForwarding {
  private static let forwarded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// Blocks the signals; called before any thread is started.
  static func block() {
    var set = signals
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Forwards from now on, from a thread of its own, until the process ends.
  static func forward(to pod: RunningPod) {
    let pod = Unmanaged.passRetained(pod)
    var thread = pthread_t()
    let outcome = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        return SignalForwarding.loop(Unmanaged<RunningPod>.fromOpaque(argument).takeRetainedValue())
      }, pod.toOpaque())
    if outcome == 0 { pthread_detach(thread) } else { pod.release() }
  }

  private static func loop(_ pod: RunningPod) -> UnsafeMutableRawPointer? {
    var set = signals
    while true {
      var signal: Int32 = 0
      guard sigwait(&set, &signal) == 0 else { continue }
      pod.signal(signal, toGroup: signal == SIGINT)
    }
  }

  private static var signals: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in forwarded { sigaddset(&set, signal) }
    return set
  }
}
