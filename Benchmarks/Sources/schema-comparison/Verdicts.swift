import Measuring

/// What was to be reached, and whether it was.
struct Verdicts {
  private var rows: [[String]] = []
  private(set) var anyMissed = false

  /// Notes a target.
  ///
  /// A goal is more than what is promised: to miss it is no failure.
  mutating func add(_ what: String, _ measured: String, _ target: String, _ isMet: Bool, isGoal: Bool = false)
  {
    if !isMet, !isGoal { anyMissed = true }
    rows.append([what, measured, target, isMet ? "met" : isGoal ? "goal missed" : "MISSED"])
  }

  func table() -> String { MarkdownTable.text([["", "measured", "target", ""]] + rows) }
}
