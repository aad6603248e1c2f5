import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc image extract`.
struct ImageExtract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Extract one image, without its dependencies, to a directory.",
    usage: "appc image extract [OPTIONS] IMAGE DIR",
    discussion: """
      IMAGE is a file, an image ID or the start of one, or NAME[:VERSION][,LABEL=VALUE]...; - is a file on standard \
      input. Files need no store. The image is checked as on import: DIR appears, with manifest and rootfs in it, \
      when all of it was read and found good, or not at all.

      Example: appc image extract --verify ./web.aci /srv/web
      """)

  @OptionGroup
  var tree: TreeOptions

  @OptionGroup
  var devices: DeviceOptions

  @Flag(
    name: .long,
    help: "Compute the image ID and print it; that of a stored image must be the one it is known by.")
  var verify = false

  @OptionGroup
  var limits: LimitOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The image.", valueName: "IMAGE"))
  var image: String

  @Argument(help: ArgumentHelp("The directory to make.", valueName: "DIR"))
  var directory: String

  func run() throws {
    let options = ImageExtractionOptions(
      rootfsOnly: tree.rootfsOnly, overwrite: tree.overwrite, verifies: verify,
      ownership: try tree.ownership(), devices: try devices.policy(), limits: try limits.chosen())
    let title = "extracting \(printable(image.utf8))"
    let extracted = try LongWork.perform(title, isInterruptible: image != "-") { progress in
      var options = options
      options.progress = progress
      return try extract(options)
    }
    if let id = extracted.imageID { Console.write("\(id)\n") }
    tell(extracted.report)
  }

  private func extract(_ options: ImageExtractionOptions) throws -> ExtractedImage {
    let directory = FilePath(directory)
    if image == "-" {
      return try Engine.extract(.standardInput, name: "standard input", to: directory, options: options)
    }
    let argument = try ImageArgument(image)
    // No data directory is opened, let alone made, for a file.
    if case .file(let path) = argument {
      return try Engine.extract(path, to: directory, options: options)
    }
    return try global.engine().extract(argument, to: directory, options: options)
  }

  private func tell(_ report: ExtractionReport) {
    if report.skippedDevices > 0 {
      Console.error("appc: device nodes left out: \(report.skippedDevices) (see --devices)")
    }
    if report.droppedAttributes > 0 {
      Console.error("appc: extended attributes left out: \(report.droppedAttributes)")
    }
  }
}
