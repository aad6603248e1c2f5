import AppcEngine
import AppcSchema

/// The grammar of `appc run`, which is rkt's: options of the pod, images, each followed by options of its own and,
/// between `--` and `---`, its arguments.
///
/// `-volume=...` with one dash is taken too, as Rocket's users wrote it.
struct RunArguments {
  /// What the options and images say, before anything is looked up.
  private(set) var request = RunRequest(apps: [])
  /// Global options found among the others.
  private(set) var global = GlobalSettings()
  private(set) var isInteractive = false
  private(set) var uuidFile: String?
  private(set) var wantsHelp = false
  private(set) var inheritsEnvironment = false

  private var rest: ArraySlice<String>

  init(_ arguments: [String]) throws {
    rest = arguments[...]
    while let token = rest.popFirst() {
      if token == "--" {
        try takeArguments()
      } else if token == "---" {
        throw CommandError("--- ends an image's arguments, which -- begins")
      } else if token.count > 1, token.utf8.first == UInt8(ascii: "-") {
        try takeOption(token)
      } else {
        request.apps.append(RunRequest.App(image: try ImageArgument(token)))
      }
    }
    if isInteractive, request.apps.count > 1 {
      throw CommandError("--interactive is for a pod of one app")
    }
    guard wantsHelp || !request.apps.isEmpty else { throw CommandError("give at least one image to run") }
  }

  private mutating func takeArguments() throws {
    guard !request.apps.isEmpty else {
      throw CommandError("-- must follow an image: its arguments come behind it")
    }
    while let argument = rest.popFirst(), argument != "---" {
      request.apps[request.apps.count - 1].arguments.append(argument)
    }
  }

  // MARK: Options

  private mutating func takeOption(_ token: String) throws {
    let text = token.utf8.drop { $0 == UInt8(ascii: "-") }
    let equals = text.firstIndex(of: UInt8(ascii: "="))
    let name = String(Substring(text[..<(equals ?? text.endIndex)]))
    var given = equals.map { String(Substring(text[text.index(after: $0)...])) }

    if let flag = Self.flags[name] {
      let isOn = try given.map { try Self.boolean($0, name) } ?? true
      return try flag(&self, isOn)
    }
    if GlobalOptions.valued.contains(name) {
      _ = global.set(name, to: try value(&given, name))
      return
    }
    if let option = Self.podOptions[name] { return try option(&self, try value(&given, name)) }
    if let option = Self.appOptions[name] {
      guard !request.apps.isEmpty else { throw CommandError("--\(name) must follow an image") }
      let value = try value(&given, name)
      return try option(&request.apps[request.apps.count - 1], value)
    }
    throw CommandError("run: there is no option \(printable(token.utf8)); see appc help run")
  }

  private mutating func value(_ given: inout String?, _ name: String) throws -> String {
    if let given { return given }
    guard let next = rest.popFirst() else { throw CommandError("--\(name) needs a value") }
    return next
  }

  private static func boolean(_ text: String, _ name: String) throws -> Bool {
    switch text {
    case "1", "t", "T", "TRUE", "true", "True": return true
    case "0", "f", "F", "FALSE", "false", "False": return false
    default: throw CommandError("--\(name): \"\(printable(text.utf8))\" is neither true nor false")
    }
  }

  private typealias Flag = @Sendable (inout RunArguments, Bool) throws -> Void
  private typealias PodOption = @Sendable (inout RunArguments, String) throws -> Void
  private typealias AppOption = @Sendable (inout RunRequest.App, String) throws -> Void

  private static let flags: [String: Flag] = [
    "interactive": { $0.isInteractive = $1 },
    "inherit-env": { $0.inheritsEnvironment = $1 },
    "help": { $0.wantsHelp = $1 },
    "h": { $0.wantsHelp = $1 },
    "debug": { $0.global.debug = $1 },
    "readonly-rootfs": { arguments, isOn in
      guard !arguments.request.apps.isEmpty else {
        throw CommandError("--readonly-rootfs must follow an image")
      }
      arguments.request.apps[arguments.request.apps.count - 1].readOnlyRootFS = isOn
    },
  ]

  private static let podOptions: [String: PodOption] = [
    "volume": { try $0.addVolume($1) },
    "mount": { arguments, value in
      let mount = try OptionText.mount(value)
      arguments.scoped {
        $0.mounts.append(mount)
      } else: {
        $0.mounts.append(mount)
      }
    },
    "set-env": { arguments, value in
      let variable = try OptionText.variable(value, "set-env")
      arguments.scoped {
        $0.environment.append(variable)
      } else: {
        $0.environment.append(variable)
      }
    },
    "set-env-file": { $0.request.environment = try EnvironmentFile.read($1) + $0.request.environment },
    "net": { $0.request.network = try OptionText.network($1) },
    "hostname": { $0.request.hostname = $1 },
    "uuid-file-save": { $0.uuidFile = $1 },
  ]

  private static let appOptions: [String: AppOption] = [
    "exec": { $0.exec = $1 },
    "name": { $0.name = try ACName($1) },
    "user": { $0.user = $1 },
    "group": { $0.group = $1 },
    "supplementary-gids": { $0.supplementaryGIDs = try OptionText.groups($1) },
    "working-dir": { $0.workingDirectory = $1 },
    "environment": { $0.environment.append(try OptionText.variable($1, "environment")) },
    "memory": { $0.isolators.append(try OptionText.resource($1, "memory")) },
    "cpu": { $0.isolators.append(try OptionText.resource($1, "cpu")) },
    "caps-retain": { $0.isolators.append(Isolator(.capabilitiesRetainSet(OptionText.list($1)))) },
    "caps-remove": { $0.isolators.append(Isolator(.capabilitiesRemoveSet(OptionText.list($1)))) },
  ]

  /// Applies an option to the last image, or to all of them when it stands before the first.
  private mutating func scoped(
    _ app: (inout RunRequest.App) -> Void, else pod: (inout RunRequest) -> Void
  ) {
    if request.apps.isEmpty { pod(&request) } else { app(&request.apps[request.apps.count - 1]) }
  }

  private mutating func addVolume(_ text: String) throws {
    switch try OptionText.volume(text) {
    case .volume(let volume): request.volumes.append(volume)
    case .bind(let source): request.bindSources.append(source)
    }
  }
}
