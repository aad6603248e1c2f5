/// When a line about long work is due, counted from its beginning.
struct ProgressSchedule {
  /// When the next one is due.
  private var due: Duration
  private let interval: Duration

  private init(first: Duration, interval: Duration) {
    due = first
    self.interval = interval
  }

  /// Ten times a second, but nothing of what takes no longer than one.
  static let terminal = Self(first: .seconds(1), interval: .milliseconds(100))
  /// Lines that stay are few: whoever reads a log wants to know that something goes on, and how fast.
  static let file = Self(first: .seconds(5), interval: .seconds(30))

  /// Whether a line is due; if so the next one is due an interval later.
  mutating func isDue(at elapsed: Duration) -> Bool {
    guard elapsed >= due else { return false }
    due = elapsed + interval
    return true
  }
}
