import Glibc
import LaunchFixture
import Measuring
import Stage
import Synchronization

/// Launches by Stage under the kernel's trace, and what they say.
struct TraceRun {
  let fixture: LaunchFixture
  let rounds: Int
  /// Milliseconds before each launch.
  let pause: Int

  private static let begin = "begin"
  private static let end = "end"

  func run() throws {
    let stage = StageCandidate(name: "Stage", note: "", fixture: fixture, root: RootSource.overlay)
    for _ in 0..<3 { _ = try stage.launch() }
    let untraced = try Comparison(candidates: [stage], rounds: rounds).run(pause: pause)
    let launches = try traced()
    guard !launches.isEmpty else { throw Problem("the kernel's trace has no launch in it") }
    let report = TraceReport(launches: launches)
    print("\(try Machine.description()), cgroups \(try Machine.controlGroups())")
    print(
      "\n\(launches.count) launches; without the trace: min \(Figure.milliseconds(untraced[0].wall.least)),"
        + " median \(Figure.milliseconds(untraced[0].wall.median)) ms; load \(try Machine.load())\n")
    print(report.phaseTable())
    for role in LaunchTrace.Role.allCases { print("\n" + report.callTable(role, limit: 14)) }
  }

  private func traced() throws -> [LaunchTrace] {
    let trace = try KernelTrace(in: fixture.directory)
    for _ in 0..<rounds {
      guard !Comparison.isInterrupted.load(ordering: .relaxed) else { throw Problem("interrupted") }
      usleep(UInt32(pause) * 1000)
      let specification = try fixture.specification()
      try trace.mark(Self.begin)
      try fixture.run(specification)
      try trace.mark(Self.end)
      try fixture.pods.remove(specification.uuid)
    }
    let events = try trace.finish()
    func marks(_ name: String) -> [Int] {
      events.indices.filter { events[$0].kind == .mark && events[$0].name == name }
    }
    return zip(marks(Self.begin), marks(Self.end)).compactMap { begin, end in
      begin < end ? LaunchTrace(events[begin...end], launcher: getpid()) : nil
    }
  }
}
