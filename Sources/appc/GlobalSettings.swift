import AppcEngine
import Glibc
import SystemPackage

/// The values of the global options.
struct GlobalSettings {
  var dir: String?
  var systemConfig = "/usr/lib/appc"
  var localConfig = "/etc/appc"
  var userConfig: String?
  var insecureOptions: [String] = []
  var debug = false

  /// The engine over the data directory that the options and the configuration name.
  ///
  /// With `isCancelled`, what waits for another command ends as soon as the answer is true.
  func engine(isCancelled: (@Sendable () -> Bool)? = nil) throws -> Engine {
    _ = try InsecureOptions(insecureOptions)
    return try Engine(
      directory: try dataDirectory(), logger: ConsoleLog.logger(debug: debug), isCancelled: isCancelled)
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

extension GlobalSettings {
  /// Sets the value of an option by its long name; false if there is none of that name.
  mutating func set(_ name: String, to value: String) -> Bool {
    switch name {
    case "dir": dir = value
    case "system-config": systemConfig = value
    case "local-config": localConfig = value
    case "user-config": userConfig = value
    case "insecure-options": insecureOptions.append(value)
    default: return false
    }
    return true
  }
}
