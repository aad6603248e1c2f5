import AppcSchema
import Measuring
import SchemaFixture

/// A manifest of 5 MB: 60,000 paths.
struct LargeRun {
  let rounds: Int

  private static let least: Int64 = 100

  func run(_ verdicts: inout Verdicts) throws {
    let bytes = LargeManifest.bytes()
    let candidates = ReadingCandidate.all(of: bytes)
    let times = try Timing.interleaved(candidates.map(\.read), rounds: min(rounds, 15))
    var rows = [["way to read", "least ms", "median ms", "MB/s", "what"]]
    for (candidate, time) in zip(candidates, times) {
      let speed = Int64(bytes.count) * 1000 / max(1, time.median)
      rows.append([
        candidate.name, Figure.milliseconds(time.least), Figure.milliseconds(time.median), "\(speed)",
        candidate.note,
      ])
      if candidate.kind == .manifest || candidate.kind == .json {
        verdicts.add("\(candidate.name), 5 MB: MB/s", "\(speed)", "\(Self.least)", speed >= Self.least)
      }
    }
    print(
      "\n## A manifest of \(bytes.count) bytes, \(LargeManifest.pathCount) paths\n\n\(MarkdownTable.text(rows))"
    )
  }
}
