import AppcEngine
import Glibc
import Synchronization

/// Shows how far long work has got, on standard error.
///
/// On a terminal it is one line, drawn over and over and gone at the end; elsewhere now and then a line of its own.
/// Work that is soon done shows nothing.
final class ProgressReporter: Sendable {
  private let title: String
  private let begin = ContinuousClock.now
  private let isTerminal: Bool
  private let schedule: Mutex<ProgressSchedule>

  init(_ title: String) {
    self.title = title
    isTerminal = Console.showsStatus
    schedule = Mutex(isTerminal ? .terminal : .file)
  }

  /// Takes notice of progress; may be called from any thread.
  func update(_ progress: ArchiveProgress) {
    let elapsed = ContinuousClock.now - begin
    guard schedule.withLock({ $0.isDue(at: elapsed) }) else { return }
    let line = ProgressLine(title: title, progress: progress, elapsed: elapsed)
    if isTerminal {
      Console.status(line.text(width: Console.width - 1))
    } else {
      Console.error("appc: " + line.text())
    }
  }

  /// Clears the line.
  func finish() { Console.clearStatus() }
}
