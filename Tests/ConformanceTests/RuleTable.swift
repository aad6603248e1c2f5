/// What checks a rule of the specification.
struct RuleEntry: Sendable {
  /// The rule's number: a letter for the part of the specification, and a number within it; V for the rows of
  /// the version history, in order.
  let rule: String
  /// The tests that check it, as Target/Suite.function.
  let tests: [String]
  /// What no test checks, and why or where it comes.
  let remark: String?

  /// A rule that tests check.
  init(_ rule: String, _ tests: String..., remark: String? = nil) {
    self.rule = rule
    self.tests = tests
    self.remark = remark
  }

  /// A rule that no test checks.
  init(_ rule: String, untested remark: String) {
    self.rule = rule
    tests = []
    self.remark = remark
  }
}

/// Every rule, with the tests that check it.
enum RuleTable {
  static let entries =
    scalars + archives + imageIDs + images + apps + dependencies + rendering + discovery + execution
    + isolators
    + volumes + pods + metadata + leniency + versions

  /// The numbers that there are.
  static let rules: [String] = {
    let parts: [(String, ClosedRange<Int>)] = [
      ("A", 1...18), ("B", 1...14), ("C", 1...3), ("D", 0...15), ("E", 1...14), ("F", 1...7), ("G", 1...10),
      ("H", 1...14), ("I", 1...9), ("J", 1...22), ("K", 1...8), ("L", 1...15), ("M", 1...8), ("N", 1...3),
      ("V", 1...27),
    ]
    return parts.flatMap { part, numbers in numbers.map { "\(part)\($0)" } } + ["E9b"]
  }()

  /// The cases of the reference implementation and its probes.
  static let corpus = "ConformanceTests/ReferenceTests.agreement"
}
