import Measuring
import SchemaFixture

/// A manifest of 2 KB, read by us and by Foundation.
struct TypicalRun {
  let rounds: Int

  func run(_ verdicts: inout Verdicts) throws {
    try compare(TypicalManifest.written, "as people write it", &verdicts)
    try compare(TypicalManifest.compact(), "the same without white space", &verdicts)
  }

  private func compare(_ bytes: [UInt8], _ layout: String, _ verdicts: inout Verdicts) throws {
    let candidates = ReadingCandidate.all(of: bytes)
    let times = try Timing.interleaved(candidates.map(\.read), rounds: rounds)
    func median(_ kind: ReadingCandidate.Kind) -> Int64 {
      zip(candidates, times).first { $0.0.kind == kind }?.1.median ?? 0
    }
    let plain = median(.plain)
    let checked = median(.checked)
    var rows = [
      ["way to read", "least us", "median us", "p90 us", "MB/s", "times plain", "times checked", "what"]
    ]
    for (candidate, time) in zip(candidates, times) {
      rows.append([
        candidate.name, Figure.microseconds(time.least), Figure.microseconds(time.median),
        Figure.microseconds(time.slow), "\(Int64(bytes.count) * 1000 / max(1, time.median))",
        Figure.ratio(plain, time.median), Figure.ratio(checked, time.median), candidate.note,
      ])
    }
    print(
      "\n## A manifest of \(bytes.count) bytes, \(layout), \(rounds) rounds\n\n\(MarkdownTable.text(rows))")
    for (candidate, time) in zip(candidates, times) where candidate.kind == .manifest {
      let what = "\(candidate.name), \(bytes.count) bytes: as fast as JSONDecoder, "
      verdicts.add(
        what + "checked", Figure.ratio(checked, time.median), "5 times", checked >= 5 * time.median)
      verdicts.add(
        what + "plain", Figure.ratio(plain, time.median), "5 times", plain >= 5 * time.median, isGoal: true)
    }
  }
}
