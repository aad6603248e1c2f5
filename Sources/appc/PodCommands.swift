import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc

/// `appc list`.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the pods.")

  @Flag(name: .long, help: "Whole UUIDs, image IDs, and dates.")
  var full = false

  @Flag(name: .long, help: "Leave the heading out.")
  var noLegend = false

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() throws {
    let pods = try global.engine().podList()
    switch format {
    case nil: Console.write(table(pods))
    case "json": Console.write(JSONValue.array(pods.map(\.json)).serialized(.compact) + [UInt8(ascii: "\n")])
    case "json-pretty":
      Console.write(JSONValue.array(pods.map(\.json)).serialized(.pretty) + [UInt8(ascii: "\n")])
    case let other?: throw CommandError("--format: there is no \"\(other)\"; use json or json-pretty")
    }
  }

  private func table(_ pods: [PodStatus]) -> String {
    var table = Table()
    if !noLegend {
      table.add(
        ["UUID", "APP", "IMAGE NAME"] + (full ? ["IMAGE ID"] : []) + [
          "STATE", "CREATED", "STARTED", "NETWORKS",
        ])
    }
    let now = Int64(time(nil))
    func text(_ time: Int64?) -> String {
      time.map { full ? HumanText.date($0) : HumanText.ago($0, now: now) } ?? ""
    }
    for pod in pods {
      let apps = pod.manifest?.apps ?? []
      for index in 0..<max(1, apps.count) {
        let app = apps.indices.contains(index) ? apps[index] : nil
        let image = app?.image.name.map {
          $0.description + (app?.image.labels["version"].map { ":" + printable($0.utf8) } ?? "")
        }
        let cells =
          [app?.name.description ?? "-", image ?? "-"] + (full ? [app?.image.id?.short ?? "-"] : [])
        // The pod's own facts stand on its first line.
        let first = index == 0
        table.add(
          [first ? (full ? pod.uuid.description : pod.uuid.short) : ""] + cells
            + (first
              ? [
                pod.state.description, text(pod.created), text(pod.started),
                pod.networks.joined(separator: ","),
              ]
              : []))
      }
    }
    return table.text
  }
}

/// `appc status`.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a pod's state, and how its apps ended.")

  @Option(name: .long, help: ArgumentHelp("Read the UUID from a file.", valueName: "FILE"))
  var uuidFile: String?

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The pod's UUID, or the start of it.", valueName: "UUID"))
  var uuid: String?

  func run() throws {
    let chosen = try PodNames.chosen([uuid].compactMap { $0 }, file: uuidFile)
    guard chosen.count == 1 else { throw CommandError("give one UUID") }
    let pod = try global.engine().podStatus(matching: chosen[0])
    switch format {
    case nil: Console.write(Self.lines(pod).map { $0 + "\n" }.joined())
    case "json": Console.write(pod.json.serialized(.compact) + [UInt8(ascii: "\n")])
    case "json-pretty": Console.write(pod.json.serialized(.pretty) + [UInt8(ascii: "\n")])
    case let other?: throw CommandError("--format: there is no \"\(other)\"; use json or json-pretty")
    }
  }

  private static func lines(_ pod: PodStatus) -> [String] {
    var lines = ["state=\(pod.state)"]
    if let created = pod.created { lines.append("created=\(HumanText.date(created))") }
    if let started = pod.started { lines.append("started=\(HumanText.date(started))") }
    if !pod.networks.isEmpty { lines.append("networks=\(pod.networks.joined(separator: ","))") }
    if let pid = pod.pid { lines.append("pid=\(pid)") }
    lines.append("exited=\(pod.state == .exited)")
    for app in pod.apps {
      if let exit = app.exit { lines.append("app-\(app.name)=\(exit.status)") }
    }
    return lines
  }
}

/// `appc rm`.
struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove pods that are not running.")

  @Option(name: .long, help: ArgumentHelp("Read a UUID from a file.", valueName: "FILE"))
  var uuidFile: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The pods' UUIDs, or the starts of them.", valueName: "UUID"))
  var uuids: [String] = []

  func run() throws {
    let engine = try global.engine()
    var failed = false
    for uuid in try PodNames.chosen(uuids, file: uuidFile) {
      do {
        Console.write("\(try engine.removePod(matching: uuid))\n")
      } catch {
        Console.error("appc: \(error)")
        failed = true
      }
    }
    if failed { throw ExitCode(Appc.failureStatus) }
  }
}

/// `appc gc`.
struct CollectGarbage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Remove pods that have exited, and what was left half made.")

  @Option(name: .long, help: ArgumentHelp("How long an exited pod is kept.", valueName: "DURATION"))
  var gracePeriod = "30m"

  @Option(name: .long, help: ArgumentHelp("How long a prepared pod is kept.", valueName: "DURATION"))
  var expirePrepared = "24h"

  @Flag(name: .long, help: "Only mark what has exited; remove nothing.")
  var markOnly = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() throws {
    let policy = Pods.CollectionPolicy(
      grace: try Self.seconds(gracePeriod, "--grace-period"),
      expirePrepared: try Self.seconds(expirePrepared, "--expire-prepared"), markOnly: markOnly)
    let report = try global.engine().collectPods(policy)
    for uuid in report.removed { Console.write("removed \(uuid)\n") }
    for failure in report.failures { Console.error("appc: \(failure.error)") }
    if !report.failures.isEmpty { throw ExitCode(Appc.failureStatus) }
  }

  private static func seconds(_ text: String, _ option: String) throws -> Int64 {
    guard let seconds = HumanText.seconds(parsing: text) else {
      throw CommandError("\(option): \"\(text)\" is no duration; write 30m, 24h or 0")
    }
    return seconds
  }
}

/// Which pods a command is about.
enum PodNames {
  static func chosen(_ arguments: [String], file: String?) throws -> [String] {
    guard let file else {
      guard !arguments.isEmpty else { throw CommandError("give a UUID, or --uuid-file; see appc list") }
      return arguments
    }
    guard arguments.isEmpty else { throw CommandError("give either UUIDs or --uuid-file") }
    guard let stream = fopen(file, "re") else {
      throw CommandError("reading \(printable(file.utf8)): \(String(cString: strerror(errno)))")
    }
    defer { fclose(stream) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = fread(&buffer, 1, buffer.count, stream)
    return [String(decoding: buffer[..<count].filter { $0 > 0x20 }, as: UTF8.self)]
  }
}

extension PodStatus {
  /// The status as `--format=json` prints it.
  var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(uuid.description)
    object["state"] = .string(state.description)
    object["networks"] = .array(networks.map { .string($0) })
    object["app_names"] = .array(apps.map { .string($0.name.description) })
    if let created { object["created_at"] = .integer(created) }
    if let started { object["started_at"] = .integer(started) }
    if let pid { object["pid"] = .integer(pid) }
    var exits = JSONObject()
    for app in apps {
      if let exit = app.exit { exits[app.name.description] = .integer(exit.status) }
    }
    object["exit_statuses"] = .object(exits)
    if let exitStatus { object["exit_status"] = .integer(exitStatus) }
    return .object(object)
  }
}
