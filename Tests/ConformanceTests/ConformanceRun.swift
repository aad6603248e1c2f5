import AppcSchema

/// All cases, compared.
struct ConformanceRun: Sendable {
  let files: CaseFiles
  private(set) var agreements = 0
  /// How many inputs both take and both refuse, of those that agree.
  private(set) var taken = 0
  private(set) var disagreements: [Disagreement] = []
  private(set) var otherRooms: [String: Int] = [:]
  private(set) var notCovered: [String: Int] = [:]
  /// What cases expect beside the form, and no reader of this suite finds out.
  private(set) var unchecked: [String: Int] = [:]

  static let all = ConformanceRun(CaseFiles.all)

  init(_ files: CaseFiles) {
    self.files = files
    for test in files.cases {
      switch Comparison(test) {
      case .agree(let outcome):
        agreements += 1
        if outcome.isAccepted { taken += 1 }
        note(uncheckedOf: test, outcome)
      case .disagree(let disagreement): disagreements.append(disagreement)
      case .otherRoom(let room): otherRooms["\(test.type) (\(room))", default: 0] += 1
      case .notCovered: notCovered[test.type, default: 0] += 1
      }
    }
  }

  private mutating func note(uncheckedOf test: ConformanceCase, _ outcome: Outcome) {
    guard case .accepted(let answer) = outcome else { return }
    for key in test.expectations.map(\.key) where answer.findings[key] == nil {
      unchecked["\"\(key)\" of \(test.type)", default: 0] += 1
    }
  }

  /// What no listed difference accounts for.
  var undocumented: [Disagreement] { disagreements.filter { $0.explanation == nil } }

  /// How many cases each listed difference has a part in, by its position in the table.
  var uses: [Int: Int] {
    disagreements.flatMap { $0.explanation ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}

extension ConformanceRun {
  /// One line a disagreement, then the summary.
  var report: String {
    (disagreements.map(\.line) + files.problems.map { "cannot read \($0)" } + [summary]).joined(
      separator: "\n")
  }

  private var summary: String {
    var lines = [
      "\(files.files.count) files, \(files.cases.count) cases: \(agreements) agree (\(taken) taken, "
        + "\(agreements - taken) refused), \(disagreements.count - undocumented.count) differ on purpose, "
        + "\(undocumented.count) differ without a reason"
    ]
    for (index, difference) in DeliberateDifference.all.enumerated() {
      guard let count = uses[index] else { continue }
      lines.append(
        "  \(difference.rule), \(difference.direction.name): \(count), because \(difference.reason)")
    }
    lines += Self.counts("of other rooms", otherRooms) + Self.counts("not covered", notCovered)
    lines += Self.counts("expectation not checked", unchecked)
    return lines.joined(separator: "\n")
  }

  private static func counts(_ title: String, _ counts: [String: Int]) -> [String] {
    counts.sorted { $0.key < $1.key }.map { "  \(title): \($0.key) \($0.value)" }
  }
}

extension Disagreement {
  /// Type, place and input, the rules that account for it, what the reference says and what we say.
  var line: String {
    let rules = explanation.map { $0.map { DeliberateDifference.all[$0].rule }.joined(separator: ", ") }
    return "\(rules ?? "NOT LISTED"): \(test.type) \(test.excerpt) (\(test.place)): "
      + "the reference \(theirs.prefix(200)); we: \(ours.prefix(300))"
  }
}

extension DeliberateDifference.Direction {
  var name: String {
    switch self {
    case .weRefuse: "refused by us"
    case .weAccept: "taken by us"
    case .weSay: "said in another way"
    }
  }
}
