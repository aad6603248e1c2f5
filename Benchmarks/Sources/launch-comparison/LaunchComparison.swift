import ArgumentParser
import CMeasuring
import Glibc
import LaunchFixture
import Measuring
import Stage
import Synchronization
import SystemPackage

/// Times the launch of `/bin/true` with everything that makes a container, ours and others', in one run.
@main
struct LaunchComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch-comparison",
    abstract: "Compare launches by Stage and appc with bubblewrap, crun and unshare, in one run.")

  @Option(help: "How many times each candidate is launched, in each of the two runs.")
  var rounds = 60

  @Option(help: "Milliseconds before each launch of the spaced run.")
  var pause = 150

  @Option(help: "The command appc to time; without it the command is left out.")
  var appc: String?

  @Option(help: "Only these candidates, by name, separated by commas.")
  var only: String?

  @Option(help: "Seconds to wait for a quiet machine before giving up.")
  var wait = 0

  @Flag(help: "Run on a busy machine too: for development, its figures count for nothing.")
  var force = false

  @Flag(help: "Instead of comparing, say where the time of a launch by Stage goes.")
  var trace = false

  func validate() throws {
    guard rounds > 0, (0...10_000).contains(pause), (0...86_400).contains(wait) else {
      throw ValidationError("--rounds is 1 or more, --pause at most 10000, --wait at most 86400")
    }
  }

  func run() throws {
    guard geteuid() == 0 else { throw Problem("starting pods needs root") }
    if !force { try Machine.waitForQuiet(seconds: wait) }
    for signal in [SIGINT, SIGTERM] {
      Glibc.signal(signal) { _ in Comparison.isInterrupted.store(true, ordering: .relaxed) }
    }
    _ = measuring_adopt_orphans()
    let fixture = try LaunchFixture()
    defer { fixture.remove() }
    if trace { return try TraceRun(fixture: fixture, rounds: rounds, pause: pause).run() }
    let errors = fixture.directory.appending("stderr")
    let crun = try Crun(fixture, errors)
    defer { crun?.remove() }
    let candidates = try chosen(candidates(fixture, crun, errors))
    try compare(candidates)
  }

  /// Those that are installed.
  private func candidates(
    _ fixture: LaunchFixture, _ crun: Crun?, _ errors: FilePath
  ) throws -> [any Candidate] {
    let limits = #","memory":{"limit":67108864},"cpu":{"period":100000,"quota":50000}"#
    let command = try appc.map { try AppcCommand(fixture, program: $0, errors) }
    var found: [any Candidate] = [
      StageCandidate(
        name: "Stage", note: "from this process; overlay, cgroup", fixture: fixture, root: RootSource.overlay),
      StageCandidate(
        name: "Stage-direct", note: "the same, root directly as the peers have it", fixture: fixture,
        root: RootSource.direct),
    ]
    func add(_ name: String, _ candidate: PeerCandidate?, or hint: String) {
      guard let candidate else { return print("\(name) is left out: \(hint)") }
      found.append(candidate)
    }
    add("bwrap", try .bubblewrap(fixture, errors), or: "apt-get install bubblewrap")
    add("unshare", .unshare(fixture, errors), or: "apt-get install util-linux")
    add(
      "crun", try crun?.candidate("crun", limits: "", "whole process; root directly, cgroup"),
      or: "apt-get install crun")
    add(
      "appc", try command?.candidate("appc", options: [], "whole command; overlay, cgroup"), or: "give --appc"
    )
    if let crun {
      found.append(try crun.candidate("crun-limits", limits: limits, "crun with limits of memory and CPU"))
    }
    if let command {
      let options = ["--memory", "64Mi", "--cpu", "500m"]
      found.append(try command.candidate("appc-limits", options: options, "appc with the same limits"))
    }
    return found
  }

  private func chosen(_ candidates: [any Candidate]) throws -> [any Candidate] {
    guard let only else { return candidates }
    let names = only.split(separator: ",").map(String.init)
    for name in names where !candidates.contains(where: { $0.name == name }) {
      throw Problem("there is no candidate \(name): \(candidates.map(\.name).joined(separator: ", "))")
    }
    return candidates.filter { names.contains($0.name) }
  }

  private func compare(_ candidates: [any Candidate]) throws {
    for _ in 0..<3 { for candidate in candidates { _ = try candidate.launch() } }
    let before = try Machine.load()
    print("\(try Machine.description()), cgroups \(try Machine.controlGroups())")
    for (title, pause) in [("\(pause) ms apart", pause), ("Back to back", 0)] {
      let summaries = try Comparison(candidates: candidates, rounds: rounds).run(pause: pause)
      let table = Table(candidates: candidates, summaries: summaries)
      print("\n\(title), \(rounds) rounds\n\n\(table.text())\n")
      for (ours, theirs) in [("Stage", "bwrap"), ("appc", "crun"), ("appc-limits", "crun-limits")] {
        if let verdict = table.verdict(ours, against: theirs) { print(verdict) }
      }
    }
    print("\nload of the last minute: \(before) before, \(try Machine.load()) after")
    if force { print("RUN WITH --force: for development only, these figures count for nothing.") }
  }
}
