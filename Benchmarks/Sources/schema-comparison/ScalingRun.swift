import Measuring
import SchemaFixture

/// Documents of 1,000 to 64,000 elements: the time an element must not grow with their number.
struct ScalingRun {
  /// Something whose time grows with a number of elements.
  private struct Row {
    let name: String
    /// Foundation's rows have no target: they show what the machine's caches do to anybody.
    let isOurs: Bool
    /// The least time for so many elements, in nanoseconds.
    let time: (Int) throws -> Int64
  }

  private static let counts = (0..<7).map { 1000 << $0 }
  /// How much longer one of 64,000 elements may take than one of 8,000, in hundredths.
  private static let limit: Int64 = 130

  func run(_ verdicts: inout Verdicts) throws {
    let reading =
      GrowingDocument.all.map { Self.row($0, isOurs: true) }
      + GrowingDocument.peers.map { Self.row($0, isOurs: false) }
    try measure("Reading long lists", reading, &verdicts)
    let writing = EditedDocument.all.map { document in
      Row(name: document.name, isOurs: true) { count in
        let write = try document.writer(count: count)
        return try Timing.least { _ = try write() }
      }
    }
    try measure("Changing and writing long lists", writing, &verdicts)
  }

  private static func row(_ document: GrowingDocument, isOurs: Bool) -> Row {
    Row(name: document.name, isOurs: isOurs) { count in
      let bytes = document.bytes(count: count)
      return try Timing.least { try document.read(bytes) }
    }
  }

  private func measure(_ title: String, _ rows: [Row], _ verdicts: inout Verdicts) throws {
    var cells = [["what grows"] + Self.counts.map { "\($0)" } + ["64000 / 8000", ""]]
    var worst: (name: String, many: Int64, few: Int64) = ("", 0, 1)
    for row in rows {
      let times = try Self.counts.map(row.time)
      let (few, many) = (times[3] * 8, times[6])
      let isMissed = row.isOurs && many * 100 > few * Self.limit
      if row.isOurs, many * worst.few > worst.many * few { worst = (row.name, many, few) }
      cells.append(
        [row.name] + zip(times, Self.counts).map { "\($0 / Int64($1))" }
          + [Figure.ratio(many, few), isMissed ? "MISSED" : ""])
    }
    print("\n## \(title), in nanoseconds an element\n\n\(MarkdownTable.text(cells))")
    verdicts.add(
      "\(title): the worst of 64,000 / 8,000", "\(Figure.ratio(worst.many, worst.few)) (\(worst.name))",
      "at most 1.30", worst.many * 100 <= worst.few * Self.limit)
  }
}
