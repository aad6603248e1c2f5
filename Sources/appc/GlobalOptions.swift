import AppcEngine
import ArgumentParser

/// rkt's global options.
///
/// They may stand before or after the command's name.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Data directory.", valueName: "DIR"))
  var dir: String?

  @Option(name: .long, help: ArgumentHelp("System configuration directory.", valueName: "DIR"))
  var systemConfig = GlobalSettings().systemConfig

  @Option(name: .long, help: ArgumentHelp("Local configuration directory.", valueName: "DIR"))
  var localConfig = GlobalSettings().localConfig

  @Option(name: .long, help: ArgumentHelp("User configuration directory.", valueName: "DIR"))
  var userConfig: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to leave out: \(InsecureOptions.names.joined(separator: ", ")).", valueName: "LIST"))
  var insecureOptions: [String] = []

  @Flag(name: .long, help: "Say more on standard error.")
  var debug = false

  /// The options that take a value, by their long name.
  static let valued = ["dir", "system-config", "local-config", "user-config", "insecure-options"]

  /// Puts global options that stand before the command behind it, where the command's own parser finds them.
  static func movedBehindCommand(_ arguments: [String]) -> [String] {
    var moved: [String] = []
    var rest = arguments[...]
    while let first = rest.first, first.hasPrefix("-") {
      let name = String(first.drop { $0 == "-" }.prefix { $0 != "=" })
      guard valued.contains(name) || name == "debug" else { return arguments }
      moved.append("--" + first.drop { $0 == "-" })
      rest = rest.dropFirst()
      if valued.contains(name), !first.contains("="), let value = rest.first {
        moved.append(value)
        rest = rest.dropFirst()
      }
    }
    guard let command = rest.first else { return [] }
    if command == "help" { return Array(rest) }
    // A group's command is two words.
    let words = ["image", "manifest"].contains(command) && rest.count > 1 ? 2 : 1
    return rest.prefix(words) + moved + rest.dropFirst(words)
  }

  /// What the options say.
  var settings: GlobalSettings {
    GlobalSettings(
      dir: dir, systemConfig: systemConfig, localConfig: localConfig, userConfig: userConfig,
      insecureOptions: insecureOptions, debug: debug)
  }

  /// The engine over the data directory that the options and the configuration name; a signal ends its waiting.
  func engine() throws -> Engine { try settings.engine(isCancelled: { Interruption.hasCome }) }
}
