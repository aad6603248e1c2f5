import AppcSchema

/// A case about which the library and the reference do not agree.
struct Disagreement: Sendable {
  let test: ConformanceCase
  /// What the reference says, and what we say.
  let theirs: String
  let ours: String
  /// The listed differences that account for it together; nil if they do not.
  let explanation: [Int]?
}

/// What the comparison of one case found.
enum Comparison: Sendable {
  case agree(Outcome)
  case disagree(Disagreement)
  /// The case is another room's, whose name this is.
  case otherRoom(String)
  case notCovered

  init(_ test: ConformanceCase) {
    switch CaseType(name: test.type) {
    case .otherRoom(let room): self = .otherRoom(room)
    case .unknown: self = .notCovered
    case .here: self = Self.compare(test, test.outcome() ?? .refused("it cannot be read"))
    }
  }

  private static func compare(_ test: ConformanceCase, _ outcome: Outcome) -> Comparison {
    switch (test.isAccepted ?? true, outcome) {
    case (true, .refused(let why)):
      return .disagree(
        Disagreement(test: test, theirs: "takes it", ours: why, explanation: Explanation.refusal(of: test)))
    case (false, .accepted(let answer)):
      let theirs = "refuses it: " + test.reason().prefix(120)
      return .disagree(
        Disagreement(
          test: test, theirs: theirs, ours: answer.form ?? "takes it",
          explanation: Explanation.acceptance(of: test)))
    case (false, .refused(let why)):
      guard let wanted = RefusalReason(test), !wanted.isSaid(by: why) else { return .agree(outcome) }
      return .disagree(Disagreement(test: test, theirs: wanted.theirs, ours: why, explanation: nil))
    case (true, .accepted(let answer)):
      return compare(test, outcome, answer)
    }
  }

  private static func compare(_ test: ConformanceCase, _ outcome: Outcome, _ answer: Answer) -> Comparison {
    guard let differences = differences(test, answer) else {
      return .disagree(
        Disagreement(
          test: test, theirs: test.canonical ?? "", ours: answer.form ?? "nothing", explanation: nil))
    }
    if differences.isEmpty { return .agree(outcome) }
    return .disagree(
      Disagreement(
        test: test, theirs: "writes \(test.canonical ?? "something else")",
        ours: differences.map(\.description).joined(separator: "; "),
        explanation: Explanation.words(differences, test)))
  }

  /// Where form and findings differ; nil if they are two plain texts that do.
  private static func differences(_ test: ConformanceCase, _ answer: Answer) -> [JSONDifference]? {
    var differences: [JSONDifference] = []
    if let canonical = test.canonical, canonical != answer.form {
      guard let form = answer.form else { return nil }
      let theirs = LenientJSON(canonical)?.value
      let ours = LenientJSON(form)?.value
      switch (ours, theirs) {
      case (let ours?, let theirs?) where test.isJSON || theirs.object != nil:
        differences += JSONDifference.all(ours: ours, theirs: theirs)
      default: differences += JSONDifference.all(ours: .string(form), theirs: .string(canonical))
      }
    }
    let expected = test.expectations.filter { answer.findings[$0.key] != nil }
    let found = expected.map { JSONObject.Member(key: $0.key, value: answer.findings[$0.key] ?? .null) }
    return differences
      + JSONDifference.all(ours: .object(JSONObject(found)), theirs: .object(JSONObject(expected)))
  }
}

/// Which listed differences account for a disagreement, as positions in the table.
enum Explanation {
  /// Every repair of the table that changes the input is made; then we must take it.
  ///
  /// What was not needed for that does not count.
  static func refusal(of test: ConformanceCase) -> [Int]? {
    let all = Array(DeliberateDifference.all.indices)
    guard let used = repaired(test, by: all) else { return nil }
    return used.reduce(used) { kept, index in
      let fewer = kept.filter { $0 != index }
      return repaired(test, by: fewer) == nil ? kept : fewer
    }
  }

  /// The repairs that changed something, nil if we still do not take the input.
  private static func repaired(_ test: ConformanceCase, by indices: [Int]) -> [Int]? {
    var repaired = test
    var used: [Int] = []
    for index in indices {
      guard case .weRefuse(let repair) = DeliberateDifference.all[index].direction,
        let next = repair(repaired)
      else { continue }
      repaired = next
      used.append(index)
    }
    return !used.isEmpty && repaired.outcome()?.isAccepted == true ? used : nil
  }

  static func acceptance(of test: ConformanceCase) -> [Int]? {
    let index = DeliberateDifference.all.firstIndex { difference in
      guard case .weAccept(let departure) = difference.direction else { return false }
      return departure(test)
    }
    return index.map { [$0] }
  }

  /// Each place must be accounted for.
  static func words(_ differences: [JSONDifference], _ test: ConformanceCase) -> [Int]? {
    var used: [Int] = []
    for difference in differences {
      let index = DeliberateDifference.all.firstIndex { listed in
        guard case .weSay(let place) = listed.direction else { return false }
        return place(difference, test)
      }
      guard let index else { return nil }
      if !used.contains(index) { used.append(index) }
    }
    return used
  }
}
