import Glibc
import Measuring
import Synchronization

/// Runs candidates side by side: each round runs every candidate once, and begins with another one than the last.
struct Comparison {
  let candidates: [any Candidate]
  let rounds: Int

  /// Set by SIGINT and SIGTERM, so that what was made is removed.
  static let isInterrupted = Atomic<Bool>(false)

  /// The samples of each candidate, with a pause before every launch.
  func run(pause milliseconds: Int) throws -> [Summary] {
    var samples: [[Sample]] = candidates.map { _ in [] }
    for round in 0..<rounds {
      for offset in candidates.indices {
        guard !Self.isInterrupted.load(ordering: .relaxed) else { throw Problem("interrupted") }
        if milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) }
        let index = (round + offset) % candidates.count
        samples[index].append(try candidates[index].launch())
      }
    }
    return samples.map(Summary.init)
  }
}

/// Tables of figures, as Markdown.
struct Table {
  let candidates: [any Candidate]
  let summaries: [Summary]

  func text() -> String {
    let base = summaries.first?.wall.median ?? 1
    var rows = [
      ["candidate", "min ms", "median ms", "p90 ms", "cpu ms", "median / \(candidates[0].name)", "what"]
    ]
    for (candidate, summary) in zip(candidates, summaries) {
      rows.append([
        candidate.name, Figure.milliseconds(summary.wall.least), Figure.milliseconds(summary.wall.median),
        Figure.milliseconds(summary.wall.slow), Figure.milliseconds(summary.cpu.median),
        Figure.ratio(summary.wall.median, base), candidate.note,
      ])
    }
    return MarkdownTable.text(rows)
  }

  /// The ratio of two candidates' medians as a sentence; nil when one of them did not run.
  func verdict(_ ours: String, against theirs: String) -> String? {
    func median(_ name: String) -> Int64? {
      zip(candidates, summaries).first { $0.0.name == name }?.1.wall.median
    }
    guard let left = median(ours), let right = median(theirs) else { return nil }
    let word = left <= right ? "not slower" : "SLOWER"
    return "\(ours) / \(theirs) = \(Figure.ratio(left, right)) (\(word))"
  }
}
