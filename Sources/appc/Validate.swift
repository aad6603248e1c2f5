import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc validate`.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether manifests, layouts and images are valid.",
    usage: "appc validate [OPTIONS] FILE...",
    discussion: """
      FILE is a manifest of an image or a pod, a directory with manifest and rootfs, or an image; - is a manifest \
      on standard input. What it is is found by looking. An image is read to its last byte and its ID is \
      printed; a layout is read as appc build reads it.
      A line for each FILE goes to standard output, what was found to standard error. Exit status: 0 if every \
      FILE is valid, 1 if one is not, 254 if one could not be read.
      """)

  @Option(
    name: .long, help: ArgumentHelp("What FILE is: manifest, layout or image.", valueName: "TYPE"))
  var type: String?

  @Flag(name: .long, help: "Follow the specification to the letter, without what readers are lenient about.")
  var strict = false

  @Flag(
    name: .long,
    help: """
      Also say what keeps a pod from being run as it stands. Its images are looked for among the FILEs, and in \
      the store when --dir is given.
      """)
  var reified = false

  @Flag(name: .long, help: "Print one JSON array with an object for each FILE.")
  var json = false

  @Flag(name: .long, help: "Say nothing but what is wrong.")
  var quiet = false

  @OptionGroup
  var limits: LimitOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The files.", valueName: "FILE"))
  var files: [String]

  func run() throws {
    let options = ValidationOptions(
      type: try chosenType(), mode: strict ? .strict : .tolerant, limits: try limits.chosen())
    var results: [Result<ValidationReport, EngineError>] = []
    if reified {
      // The images come first, whichever order they are named in.
      results = files.map { file in validate(file, options) }
      try checkReification(&results)
      for (file, result) in zip(files, results) { show(file, result) }
    } else {
      for file in files {
        let result = validate(file, options)
        show(file, result)
        results.append(result)
      }
    }
    if json { printJSON(results) }
    let status = results.map(Self.status).max() ?? 0
    if status != 0 { throw ExitCode(status) }
  }

  /// The exit status for what was read and is not valid, as actool has it.
  static let invalidStatus: Int32 = 1

  private static func status(_ result: Result<ValidationReport, EngineError>) -> Int32 {
    switch result {
    case .success(let report): report.isValid ? 0 : invalidStatus
    case .failure: Appc.failureStatus
    }
  }

  private func validate(
    _ file: String, _ options: ValidationOptions
  ) -> Result<ValidationReport, EngineError> {
    Result { () throws(EngineError) in
      file == "-"
        ? try Engine.validate(.standardInput, name: file, options: options)
        : try Engine.validate(FilePath(file), options: options)
    }
  }

  /// Looks for the images of pods among the files, and in the store that was named.
  private func checkReification(_ results: inout [Result<ValidationReport, EngineError>]) throws {
    var images: [ImageID: ImageManifest] = [:]
    for case .success(let report) in results {
      if let id = report.imageID { images[id] = report.imageManifest }
    }
    let store = try StoreImages(global)
    results = results.map { result in
      result.map { report in
        var report = report
        report.checkReification { app in app.image.id.flatMap { images[$0] } ?? store.manifest(of: app) }
        return report
      }
    }
  }

  // MARK: Output

  private func show(_ file: String, _ result: Result<ValidationReport, EngineError>) {
    switch result {
    case .failure(let error): Console.error("appc: \(error)")
    case .success(let report) where !json:
      for finding in report.findings where finding.severity == .error || !quiet {
        FindingText.show(finding, of: report)
      }
      if !quiet { Console.write("\(report)\n") }
    case .success: break
    }
  }

  private func printJSON(_ results: [Result<ValidationReport, EngineError>]) {
    let objects = zip(files, results).map { file, result in
      switch result {
      case .success(let report): report.json
      case .failure(let error): ValidationReport.json(ofUnreadable: file, error)
      }
    }
    Console.write(JSONValue.array(objects).serialized(.compact) + [UInt8(ascii: "\n")])
  }

  private func chosenType() throws -> ArtifactType? {
    switch type {
    case nil: return nil
    case "manifest": return .manifest
    case "layout": return .layout
    case "image", "appimage": return .image
    case let other?:
      throw CommandError("--type: there is no \"\(printable(other.utf8))\"; use manifest, layout or image")
    }
  }
}
