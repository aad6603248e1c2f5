/// What was to be reached, and whether it was.
public struct Verdicts {
  private var rows: [[String]] = []
  /// Whether a target was missed, goals aside.
  public private(set) var anyMissed = false

  /// No targets yet.
  public init() {}

  /// Notes a target.
  ///
  /// A goal is more than what is promised: to miss it is no failure.
  public mutating func add(
    _ what: String, _ measured: String, _ target: String, _ isMet: Bool, isGoal: Bool = false
  ) {
    if !isMet, !isGoal { anyMissed = true }
    rows.append([what, measured, target, isMet ? "met" : isGoal ? "goal missed" : "MISSED"])
  }

  /// All targets as Markdown.
  public func table() -> String { MarkdownTable.text([["", "measured", "target", ""]] + rows) }
}
