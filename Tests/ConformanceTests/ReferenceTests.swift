import AppcSchema
import Testing

/// The library held against the reference implementation's own cases, and probes of it.
@Suite("The reference implementation's cases")
struct ReferenceTests {
  private let run = ConformanceRun.all

  @Test("every line of every corpus file can be read")
  func files() {
    for problem in run.files.problems { Issue.record("\(problem)") }
    #expect(run.files.cases.count > 1200)
  }

  @Test("tolerant reading says what the reference says, but for the listed differences")
  func agreement() {
    print(run.report)
    for disagreement in run.undocumented { Issue.record("\(disagreement.line)") }
    #expect(run.agreements > 1000)
  }

  @Test("every listed difference is one that a case shows", arguments: DeliberateDifference.all.indices)
  func uses(index: Int) {
    let difference = DeliberateDifference.all[index]
    #expect(
      run.uses[index] != nil, "\(difference.rule), \(difference.direction.name): \(difference.reason)")
  }

  @Test("every type and every expectation of the corpus that concerns the schema is compared")
  func types() {
    let own = ConformanceRun(CaseFiles(others: nil))
    #expect(own.notCovered.isEmpty)
    #expect(own.unchecked.isEmpty)
  }

  @Test("strict reading refuses whatever tolerant reading refuses")
  func strictIsStricter() {
    for test in run.files.cases {
      guard case .refused? = test.outcome(.tolerant) else { continue }
      if case .accepted? = test.outcome(.strict) {
        Issue.record("\(test.type) \(test.excerpt) (\(test.place))")
      }
    }
  }
}
