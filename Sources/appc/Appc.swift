import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc

/// The command line of swift-appc.
@main
struct Appc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appc",
    abstract: "Build, store and run App Container images.",
    discussion: """
      IMAGE is a file (an absolute path, ./PATH, or a name ending in .aci), an image ID or a unique prefix of \
      one (sha512-...), or name[:version][,label=value]...
      Exit status: that of the apps for run, 254 for an error of appc's own.
      """,
    version: "appc version \(Version.current)",
    subcommands: [
      Build.self, ImageGroup.self, Run.self, List.self, Status.self, Remove.self, CollectGarbage.self,
      Validate.self, CatManifest.self, ManifestGroup.self,
      PatchManifest.self,
      Version.self,
    ])

  /// rkt's exit status for its own errors.
  static let failureStatus: Int32 = 254

  static func main() {
    StandardStreams.occupy()
    let arguments = CommandLineBytes.arguments()
    guard let arguments else {
      Console.fail("an argument is not valid UTF-8; manifests hold text only")
    }
    let ordered = GlobalOptions.movedBehindCommand(arguments)
    if ordered.isEmpty {
      Console.error(helpMessage())
      Glibc.exit(2)
    }
    do {
      if ordered[0] == "run" { Glibc.exit(try Run.perform(Array(ordered.dropFirst()))) }
      try checkCommand(ordered[0])
      var command = try parseAsRoot(ordered)
      try command.run()
    } catch {
      finish(error)
    }
  }

  /// Refuses an unknown command by its name, before its options are found to be unknown.
  private static func checkCommand(_ name: String) throws {
    let known = configuration.subcommands.map { $0._commandName } + ["help"]
    guard name.hasPrefix("-") || known.contains(name) else {
      throw CommandError("there is no command \(printable(name.utf8)); see appc help")
    }
  }

  /// Ends with what an error says: help and `--version` on standard output, everything else as one line.
  private static func finish(_ error: any Error) -> Never {
    if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
    if exitCode(for: error) == .success {
      Console.write(fullMessage(for: error) + "\n")
      Glibc.exit(0)
    }
    if error is EngineError || error is CommandError { Console.fail(ErrorText.line(error)) }
    Console.fail(message(for: error))
  }
}

/// An error of the command line itself.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
