import Measuring
import SchemaFixture

/// Documents of 1,000 to 64,000 elements: the time an element must not grow with their number.
struct ScalingRun {
  private static let counts = (0..<7).map { 1000 << $0 }
  /// How much longer one of 64,000 elements may take than one of 8,000, in hundredths.
  private static let limit: Int64 = 130

  func run(_ verdicts: inout Verdicts) throws {
    let documents = GrowingDocument.all + GrowingDocument.peers
    let ours = GrowingDocument.all.count
    try table("Reading long lists", documents.map(\.name), ours: ours, &verdicts) { row, count in
      let document = documents[row]
      let bytes = document.bytes(count: count)
      return try Timing.least { try document.read(bytes) }
    }
    try table("Changing and writing long lists", EditedDocument.all.map(\.name), &verdicts) {
      row, count in
      let write = try EditedDocument.all[row].writer(count: count)
      return try Timing.least { _ = try write() }
    }
  }

  private func table(
    _ title: String, _ names: [String], _ verdicts: inout Verdicts, _ time: (Int, Int) throws -> Int64
  ) throws {
    var rows = [["what grows"] + Self.counts.map { "\($0)" } + ["64000 / 8000", ""]]
    var missed: [String] = []
    for (row, name) in names.enumerated() {
      let times = try Self.counts.map { try time(row, $0) }
      let elements = zip(times, Self.counts).map { $0 / Int64($1) }
      let (few, many) = (times[3] * 8, times[6])
      let isMet = many * 100 <= few * Self.limit
      if !isMet { missed.append("\(name) \(Figure.ratio(many, few))") }
      rows.append([name] + elements.map { "\($0)" } + [Figure.ratio(many, few), isMet ? "" : "MISSED"])
    }
    print("\n## \(title), in nanoseconds an element\n\n\(MarkdownTable.text(rows))")
    verdicts.add(
      "\(title): time(64,000) / time(8,000) / 8", missed.isEmpty ? "all" : missed.joined(separator: ", "),
      "all at most 1.30", missed.isEmpty)
  }
}
