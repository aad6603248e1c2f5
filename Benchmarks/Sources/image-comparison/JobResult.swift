import Measuring

/// What the candidates of a job took.
struct JobResult {
  let job: Job
  let summaries: [Summary]
  /// Sentences about trees that were not as they should be.
  let differences: [String]

  /// The median of a candidate's wall time; nil when it did not run.
  func median(_ name: String) -> Int64? {
    zip(job.candidates, summaries).first { $0.0.name == name }?.1.wall.median
  }

  /// The most memory that one of our commands took.
  var peakMemoryOfAppc: Int64 {
    zip(job.candidates, summaries).filter(\.0.isAppc).map(\.1.peakMemory).max() ?? 0
  }

  /// All figures as Markdown; the ratios are to the first candidate.
  func table() -> String {
    var rows = [
      ["candidate", "min ms", "median ms", "cpu ms", "peak MB", "min / ours", "median / ours", "what"]
    ]
    guard let ours = summaries.first else { return "" }
    for (candidate, summary) in zip(job.candidates, summaries) {
      rows.append([
        candidate.name, Figure.milliseconds(summary.wall.least), Figure.milliseconds(summary.wall.median),
        Figure.milliseconds(summary.cpu.median), Figure.megabytes(summary.peakMemory),
        Figure.ratio(summary.wall.least, ours.wall.least),
        Figure.ratio(summary.wall.median, ours.wall.median), candidate.note,
      ])
    }
    return MarkdownTable.text(rows)
  }
}
