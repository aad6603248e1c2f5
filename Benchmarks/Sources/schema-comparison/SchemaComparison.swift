import ArgumentParser
import Measuring

/// Measures how AppcSchema reads and writes manifests, beside Foundation in the same run.
@main
struct SchemaComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema-comparison",
    abstract: "Compare reading manifests with JSONDecoder; measure large, growing and hostile documents.",
    subcommands: [Run.self, HostileReading.self], defaultSubcommand: Run.self)

  /// What is measured, in order.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case typical
    case large
    case scaling
    case hostile
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure, and say which targets are met.")

    @Option(help: "How many times each way to read is measured.")
    var rounds = 60

    @Option(help: "Only these parts.")
    var only: [Part] = []

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
      if !force { try Machine.waitForQuiet(seconds: wait) }
      let before = try Machine.load()
      print(try Machine.description())
      var verdicts = Verdicts()
      for part in Part.allCases where only.isEmpty || only.contains(part) {
        try measure(part, &verdicts)
      }
      print("\n## Targets\n\n\(verdicts.table())")
      print("\nload of the last minute: \(before) before, \(try Machine.load()) after")
      if force { print("RUN WITH --force: for development only, these figures count for nothing.") }
      if verdicts.anyMissed { throw ExitCode.failure }
    }

    private func measure(_ part: Part, _ verdicts: inout Verdicts) throws {
      switch part {
      case .typical: try TypicalRun(rounds: rounds).run(&verdicts)
      case .large: try LargeRun(rounds: rounds).run(&verdicts)
      case .scaling: try ScalingRun().run(&verdicts)
      case .hostile: try HostileRun().run(&verdicts)
      }
    }
  }
}
