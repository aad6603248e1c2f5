import AppcEngine
import AppcSchema
import ArgumentParser

/// `appc image usage`.
struct ImageUsage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "Tell how much of the disk the store takes.",
    usage: "appc image usage [OPTIONS]",
    discussion: """
      DISK is what the file system has given away, whole blocks and directories; FILES what the files hold. Of trees \
      both are what was noted when they were rendered, unless --exact is given.

      Example: appc image usage --format json
      """)

  @Flag(name: .long, help: "Look at every file of every tree.")
  var exact = false

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() throws {
    let format = try OutputFormat.parse(format)
    let usage = try global.engine().diskUsage(walkingTrees: exact)
    if let format {
      var object = JSONObject()
      for (name, amount) in usage.parts { object[name] = amount.json }
      format.write(.object(object))
      return
    }
    var table = Table()
    table.add(["PART", "COUNT", "DISK", "FILES"])
    for (name, amount) in usage.parts {
      table.add([
        name, name == "total" ? "" : "\(amount.count)", HumanText.size(amount.bytes),
        HumanText.size(amount.apparentBytes),
      ])
    }
    Console.write(table.text)
  }
}

extension DiskUsage {
  /// The parts by the names that people see, and all of it.
  fileprivate var parts: [(name: String, amount: Amount)] {
    [
      ("images", blobs), ("trees", trees), ("records", records), ("unfinished", temporary),
      ("quarantine", quarantine), ("total", total),
    ]
  }
}

extension DiskUsage.Amount {
  fileprivate var json: JSONValue {
    [
      "count": .integer(count), "bytes": .integer(bytes), "apparent_bytes": .integer(apparentBytes),
    ]
  }
}
