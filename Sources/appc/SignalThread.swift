import Glibc

/// A thread that waits for signals: what a handler must not do can be done there.
final class SignalThread: Sendable {
  private let signals: [Int32]
  private let receive: @Sendable (Int32) -> Void

  private init(_ signals: [Int32], _ receive: @escaping @Sendable (Int32) -> Void) {
    self.signals = signals
    self.receive = receive
  }

  /// Calls `receive` with each of the signals that comes from now on, but for those that the caller has the command
  /// ignore.
  ///
  /// To be called before other threads are started: they inherit that the signals are blocked.
  static func start(taking signals: [Int32], _ receive: @escaping @Sendable (Int32) -> Void) {
    let signals = signals.filter { !isIgnored($0) }
    var set = Self.set(of: signals)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let argument = Unmanaged.passRetained(SignalThread(signals, receive))
    var thread = pthread_t()
    let outcome = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SignalThread>.fromOpaque(argument).takeRetainedValue().loop()
      }, argument.toOpaque())
    if outcome == 0 {
      pthread_detach(thread)
    } else {
      // No thread to take them: then they had better end the command.
      argument.release()
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
  }

  private func loop() -> Never {
    var set = Self.set(of: signals)
    while true {
      var signal: Int32 = 0
      if sigwait(&set, &signal) == 0 { receive(signal) }
    }
  }

  /// As under nohup, and in the background of a script.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    return sigaction(signal, nil, &action) == 0
      && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The set of some signals.
  static func set(of signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    return set
  }
}
