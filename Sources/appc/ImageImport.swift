import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc image import`.
struct ImageImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add image files to the store and print their IDs.",
    usage: "appc image import [OPTIONS] FILE...",
    discussion: """
      FILE is an image, compressed or not; - is standard input. Each is read once, checked to its last byte and \
      is then in the store, or nothing of it is. One that is there already stays as it is. A FILE that is refused \
      does not keep the others out.
      Exit status: 0, 254 if a FILE could not be imported.

      Example: curl -sSf $URL | appc image import --expect sha512-... -
      """)

  @Flag(name: .long, help: "Prefer it, from now on, where its name is given without a version.")
  var latest = false

  @Flag(
    name: .long,
    help: "Render them too, while they are read where they depend on nothing: then they run at once.")
  var render = false

  @Option(name: .long, help: ArgumentHelp("Refuse FILE unless this is its image ID.", valueName: "ID"))
  var expect: String?

  @OptionGroup
  var limits: LimitOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The image files.", valueName: "FILE"))
  var files: [String]

  func run() throws {
    let options = ImportOptions(
      limits: try limits.chosen(), isLatest: latest, expectedID: try expectedID(), rendersTree: render)
    let engine = try global.engine()
    var isComplete = true
    var unrendered: [ImageID] = []
    for file in files {
      isComplete =
        Self.succeeds {
          let image = try importImage(file, engine, options)
          Console.write("\(image.record.id)\n")
          if render, image.tree == nil { unrendered.append(image.record.id) }
        } && isComplete
    }
    // One may depend on another that comes after it.
    for id in unrendered {
      isComplete =
        Self.succeeds {
          try LongWork.perform("rendering \(id)") { _ in _ = try engine.renderTree(of: id) }
        } && isComplete
    }
    if !isComplete { throw ExitCode(Appc.failureStatus) }
  }

  /// Does something for one of several, and tells an error that is no reason to leave the others out.
  private static func succeeds(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch {
      Console.error("appc: " + ErrorText.line(error))
      return false
    }
  }

  private func importImage(
    _ file: String, _ engine: Engine, _ options: ImportOptions
  ) throws -> ImportedImage {
    let isPipe = file == "-"
    return try LongWork.perform("importing \(printable(file.utf8))", isInterruptible: !isPipe) { progress in
      var options = options
      options.progress = progress
      return isPipe
        ? try engine.importImage(from: .standardInput, options: options)
        : try engine.importImage(FilePath(file), options: options)
    }
  }

  private func expectedID() throws -> ImageID? {
    guard let expect else { return nil }
    guard files.count == 1 else { throw CommandError("--expect is for one FILE") }
    do {
      return try ImageID(expect)
    } catch {
      throw CommandError("--expect: \(error)")
    }
  }
}
