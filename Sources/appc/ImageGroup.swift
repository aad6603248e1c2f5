import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc image`.
struct ImageGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Work with the images of the store.",
    subcommands: [
      ImageImport.self, ImageList.self, ImageCatManifest.self, ImageExport.self, ImageExtract.self,
      ImageRemove.self,
    ])
}

/// `appc image import`.
struct ImageImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import image files and print their IDs.")

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The image files.", valueName: "FILE"))
  var files: [String]

  func run() throws {
    let engine = try global.engine()
    for file in files {
      let imported = try engine.importImage(FilePath(file))
      Console.write("\(imported.record.id)\n")
    }
  }
}

/// `appc image cat-manifest`.
struct ImageCatManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat-manifest", abstract: "Print an image's manifest.")

  @Flag(name: .long, help: "Indent it.")
  var prettyPrint = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: "The image.")
  var image: String

  func run() throws {
    let found = try global.engine().manifest(of: try ImageArgument(image))
    let text = prettyPrint ? RawManifest(bytes: found.bytes).indented : found.bytes
    Console.write(text.last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")])
  }
}

/// `appc image export`.
struct ImageExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an image's uncompressed tar to a file, as it was imported.")

  @Flag(name: .long, help: "Replace the file if it exists.")
  var overwrite = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: "The image.")
  var image: String

  @Argument(help: ArgumentHelp("The file to write.", valueName: "OUT.aci"))
  var output: String

  func run() throws {
    let engine = try global.engine()
    try engine.export(try ImageArgument(image), to: FilePath(output), overwrite: overwrite)
  }
}

/// `appc image extract`.
struct ImageExtract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Extract one image, without its dependencies, to a new directory.")

  @Flag(name: .long, help: "Extract the root file system alone.")
  var rootfsOnly = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: "The image; a file needs no store.")
  var image: String

  @Argument(help: ArgumentHelp("The directory to make.", valueName: "DIR"))
  var directory: String

  func run() throws {
    let argument = try ImageArgument(image)
    if case .file(let path) = argument {
      try Engine.extract(path, to: FilePath(directory), rootfsOnly: rootfsOnly)
    } else {
      try global.engine().extract(argument, to: FilePath(directory), rootfsOnly: rootfsOnly)
    }
  }
}

/// `appc image rm`.
struct ImageRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove images from the store.")

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: "The images.")
  var images: [String]

  func run() throws {
    let engine = try global.engine()
    // The other images go even if one does not.
    var failed = false
    for image in images {
      do {
        let id = try engine.removeImage(try ImageArgument(image))
        Console.write("\(id)\n")
      } catch {
        Console.error("appc: \(error)")
        failed = true
      }
    }
    if failed { throw ExitCode(Appc.failureStatus) }
  }
}
