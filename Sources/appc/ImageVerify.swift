import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc image verify`.
struct ImageVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the store holds what was put there.",
    usage: "appc image verify [OPTIONS] [IMAGE...]",
    discussion: """
      Reads the images, or all of the store, to the last byte: each must have its ID, and trees rendered of it must be \
      as they were made. A line for each thing that is wrong goes to standard output. Nothing is changed unless \
      --repair is given: then a damaged image is moved to the directory quarantine of the store, a damaged tree \
      rendered anew, and what can be derived written again.
      Exit status: 0, 1 if something was wrong, repaired or not, 254 if nothing was found to be wrong but something \
      could not be read.

      Example: appc image verify --repair --format json
      """)

  @Flag(name: .long, help: "Put damaged images aside, and mend what can be mended.")
  var repair = false

  @Flag(name: .long, help: "Leave rendered trees out.")
  var noTrees = false

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup
  var limits: LimitOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The images; without any, the whole store.", valueName: "IMAGE"))
  var images: [String] = []

  func run() throws {
    let format = try OutputFormat.parse(format)
    let arguments = try images.map { try ImageArgument($0) }
    let options = VerificationOptions(trees: !noTrees, repairs: repair, limits: try limits.chosen())
    let engine = try global.engine()
    let report = try LongWork.perform("verifying") { progress in
      var options = options
      options.progress = { now in
        try progress(
          ArchiveProgress(
            storedBytes: now.checkedBytes, totalStoredBytes: now.totalBytes, expandedBytes: now.checkedBytes))
      }
      return try engine.verify(arguments.isEmpty ? nil : arguments, options: options)
    }
    if let format {
      format.write(report.json)
    } else {
      for finding in report.findings { Console.write("\(finding)\n") }
    }
    // What a program is to act on: something was not as it was put there.
    if report.hasFaults { throw ExitCode(Validate.invalidStatus) }
    if !report.isClean { throw ExitCode(Appc.failureStatus) }
  }
}

extension VerificationReport {
  /// The report as `--format=json` prints it.
  fileprivate var json: JSONValue {
    [
      "images": .integer(images),
      "trees": .integer(trees),
      "tree_files": .integer(treeFiles),
      "unreadable_tree_files": .integer(unreadableTreeFiles),
      "bytes": .integer(bytes),
      "findings": .array(findings.map(\.json)),
    ]
  }
}

extension VerificationFinding {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    switch subject {
    case .image(let id): object["image"] = .string(id.description)
    case .tree(let id): object["tree"] = .string(id.description)
    case .path(let path): object["path"] = .string(path.string)
    }
    object["problem"] = .string(problem.description)
    object["detail"] = .string(detail)
    object["action"] = .string(action.description)
    return .object(object)
  }
}
