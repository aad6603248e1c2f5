import Glibc
import LaunchFixture
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
    let base = summaries.first?.median ?? 1
    var rows = [
      ["candidate", "min ms", "median ms", "p90 ms", "cpu ms", "median / \(candidates[0].name)", "what"]
    ]
    for (candidate, summary) in zip(candidates, summaries) {
      rows.append([
        candidate.name, Self.milliseconds(summary.minimum), Self.milliseconds(summary.median),
        Self.milliseconds(summary.slow), Self.milliseconds(summary.medianCPU),
        Self.ratio(summary.median, base), candidate.note,
      ])
    }
    return Self.aligned(rows)
  }

  /// The ratio of two candidates' medians as a sentence; nil when one of them did not run.
  func verdict(_ ours: String, against theirs: String) -> String? {
    func median(_ name: String) -> Int64? {
      zip(candidates, summaries).first { $0.0.name == name }?.1.median
    }
    guard let left = median(ours), let right = median(theirs) else { return nil }
    let word = left <= right ? "not slower" : "SLOWER"
    return "\(ours) / \(theirs) = \(Self.ratio(left, right)) (\(word))"
  }

  static func aligned(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].utf8.count }.max() ?? 0 }
    var lines = rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.utf8.count)
        return column == 0 || column == columns - 1 ? text + space : space + text
      }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let rule = widths.enumerated().map { column, width in
      let dashes = String(repeating: "-", count: width + 1)
      return column == 0 || column == columns - 1 ? "-" + dashes : dashes + ":"
    }
    lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
    return lines.joined(separator: "\n")
  }

  static func milliseconds(_ nanoseconds: Int64) -> String { hundredths((nanoseconds + 5000) / 10_000) }

  static func ratio(_ value: Int64, _ base: Int64) -> String {
    hundredths((value * 100 + base / 2) / max(1, base))
  }

  private static func hundredths(_ value: Int64) -> String {
    let rest = value % 100
    return "\(value / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
  }
}
