import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc
import SystemPackage

/// `appc image export`.
struct ImageExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a stored image's tar to a file.",
    usage: "appc image export [OPTIONS] IMAGE OUT.aci",
    discussion: """
      What is written is the uncompressed tar, byte for byte as it was imported, so its SHA-512 is the image ID. \
      OUT.aci appears whole or not at all; - is standard output.

      Example: appc image export example.com/web - | xz > web.aci
      """)

  @Flag(name: .long, help: "Replace OUT.aci if it exists.")
  var overwrite = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The image.", valueName: "IMAGE"))
  var image: String

  @Argument(help: ArgumentHelp("The file to write.", valueName: "OUT.aci"))
  var output: String

  func run() throws {
    let isPipe = output == "-"
    guard !isPipe || isatty(1) == 0 else {
      throw CommandError("an image is not for a terminal; give a file, or pass standard output on")
    }
    let engine = try global.engine()
    let argument = try ImageArgument(image)
    _ = try LongWork.perform("exporting \(printable(image.utf8))", isInterruptible: !isPipe) { progress in
      if isPipe {
        try engine.export(argument, to: .standardOutput, progress: progress)
      } else {
        try engine.export(argument, to: FilePath(output), overwrite: overwrite, progress: progress)
      }
    }
  }
}
