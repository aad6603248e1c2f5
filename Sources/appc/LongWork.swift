import AppcEngine

/// Work that may take long: how far it is shows, and a signal ends it without leaving anything.
enum LongWork {
  typealias Progress = @Sendable (ArchiveProgress) throws -> Void

  /// Runs `body`, which passes on what it is given as the progress of what it does.
  ///
  /// - Parameters:
  ///   - title: what is being done to what; safe to show.
  ///   - isInterruptible: off for work that waits for a pipe, where it hears of no signal: then one ends the command
  ///     at once.
  static func perform<Value>(
    _ title: String, isInterruptible: Bool = true, _ body: (@escaping Progress) throws -> Value
  ) throws -> Value {
    let reporter = ProgressReporter(title)
    let interruption = isInterruptible ? Interruption.watch() : nil
    if !isInterruptible { Interruption.unwatch() }
    defer {
      reporter.finish()
      interruption?.endIfAsked()
    }
    return try body { progress in
      try interruption?.check()
      reporter.update(progress)
    }
  }
}
