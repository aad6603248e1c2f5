import ArgumentParser
import Glibc
import Measuring
import SystemPackage

/// Measures, and says which targets are met.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Measure, and say which targets are met.")

  @Option(help: "The command appc to measure.")
  var appc: String

  @Option(help: "The directory that make-corpus made.")
  var corpus: String

  @Option(help: "How many times each candidate is measured; fewer with the file of 1 GiB.")
  var rounds = 5

  @Option(help: "Only these parts.")
  var only: [ImageComparison.Part] = []

  @Option(help: "A directory on the machine's disk, for what waits for a disk.")
  var disk = "/var/tmp"

  @Option(help: "Where to draw the ratios, as SVG.")
  var chart: String?

  @Option(help: "Seconds to wait for a quiet machine before giving up.")
  var wait = 0

  @Flag(help: "Run on a busy machine too: for development, its figures count for nothing.")
  var force = false

  func validate() throws {
    guard rounds > 0, (0...86_400).contains(wait) else {
      throw ValidationError("--rounds is 1 or more, --wait at most 86400")
    }
  }

  func run() throws {
    guard geteuid() == 0 else { throw Problem("making file systems needs root") }
    if !force { try Machine.waitForQuiet(seconds: wait) }
    Interruption.install()
    let before = try Machine.load()
    print("\(try Machine.description()), \(try Machine.memory()) of memory")
    let report = try measure()
    print("\n## Targets\n\n\(report.verdicts.table())")
    print("\nload of the last minute: \(before) before, \(try Machine.load()) after")
    if force { print("RUN WITH --force: for development only, these figures count for nothing.") }
    if let chart { try SmallText.write(report.chart.svg(), to: FilePath(chart)) }
    if report.verdicts.anyMissed { throw ExitCode.failure }
  }

  private func measure() throws -> Report {
    var report = Report()
    let workspace = try Workspace()
    defer { workspace.remove() }
    let fixture = Fixture(
      appc: appc, corpus: Corpus(directory: FilePath(corpus)), workspace: workspace, disk: FilePath(disk),
      rounds: rounds)
    for part in ImageComparison.Part.allCases where only.isEmpty || only.contains(part) {
      switch part {
      case .hash: try HashPart(fixture: fixture).run(&report)
      case .import: try ImportPart(fixture: fixture).run(&report)
      case .extract: try ExtractionPart(fixture: fixture).run(&report)
      case .unpack: try UnpackingPart(fixture: fixture).run(&report)
      case .store: try StorePart(fixture: fixture).run(&report)
      }
    }
    report.judgeMemory()
    return report
  }
}
