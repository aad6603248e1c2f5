import AppcEngine
import ArgumentParser
import Glibc
import SystemPackage

/// rkt's global options.
///
/// They may stand before or after the command's name.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Data directory.", valueName: "DIR"))
  var dir: String?

  @Option(name: .long, help: ArgumentHelp("System configuration directory.", valueName: "DIR"))
  var systemConfig = "/usr/lib/appc"

  @Option(name: .long, help: ArgumentHelp("Local configuration directory.", valueName: "DIR"))
  var localConfig = "/etc/appc"

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
    let words = command == "image" && rest.count > 1 ? 2 : 1
    return rest.prefix(words) + moved + rest.dropFirst(words)
  }

  /// The engine over the data directory that the options and the configuration name.
  func engine() throws -> Engine {
    _ = try InsecureOptions(insecureOptions)
    return try Engine(directory: try dataDirectory(), logger: ConsoleLog.logger(debug: debug))
  }

  private func dataDirectory() throws -> FilePath {
    if let dir {
      guard !dir.isEmpty else { throw CommandError("--dir needs a directory") }
      return try Self.resolved(dir)
    }
    var environment: [String: String] = [:]
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
      environment[name] = getenv(name).flatMap { String(validatingCString: $0) }
    }
    let user =
      userConfig.map { FilePath($0) } ?? environment["XDG_CONFIG_HOME"].map { FilePath($0).appending("appc") }
    return try Configuration(system: FilePath(systemConfig), local: FilePath(localConfig), user: user)
      .dataDirectory(isRoot: geteuid() == 0, environment: environment)
  }

  /// A path without links, as rkt resolves its data directory; one that is not there yet is made absolute.
  private static func resolved(_ path: String) throws -> FilePath {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return FilePath(platformString: real)
    }
    let path = FilePath(path)
    if path.isAbsolute { return path }
    guard let directory = getcwd(nil, 0) else { throw CommandError("the working directory is gone") }
    defer { free(directory) }
    return FilePath(platformString: directory).pushing(path)
  }
}

/// What `--insecure-options` turns off, in rkt's words.
struct InsecureOptions {
  static let names = [
    "none", "image", "tls", "ondisk", "http", "pubkey", "capabilities", "paths", "seccomp", "all-fetch",
    "all-run", "all",
  ]

  private let chosen: Set<String>

  init(_ lists: [String]) throws {
    var chosen: Set<String> = []
    for word in lists.flatMap({ $0.split(separator: ",").map(String.init) }) {
      guard Self.names.contains(word) else {
        throw CommandError(
          "--insecure-options: there is no \"\(word)\"; use \(Self.names.joined(separator: ", "))")
      }
      chosen.insert(word)
    }
    self.chosen = chosen
  }

  var leavesOutCapabilities: Bool { !chosen.isDisjoint(with: ["capabilities", "all-run", "all"]) }
  var leavesOutPaths: Bool { !chosen.isDisjoint(with: ["paths", "all-run", "all"]) }
}
