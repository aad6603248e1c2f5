import AppcEngine
import AppcSchema
import ArgumentParser

/// `appc image cat-manifest`.
struct ImageCatManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat-manifest",
    abstract: "Print an image's manifest.",
    usage: "appc image cat-manifest [OPTIONS] IMAGE",
    discussion: """
      IMAGE is a file, an image ID or the start of one, or NAME[:VERSION][,LABEL=VALUE]...; a file is read no further \
      than its manifest.

      Example: appc image cat-manifest --pretty-print example.com/web:1.2
      """)

  @Flag(name: .long, help: "Indent it; members keep their order, unknown ones too.")
  var prettyPrint = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The image.", valueName: "IMAGE"))
  var image: String

  func run() throws {
    let bytes = try bytes(of: try ImageArgument(image))
    let text = prettyPrint ? RawManifest(bytes: bytes).indented : bytes
    Console.write(text.last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")])
  }

  /// A file needs no data directory.
  private func bytes(of argument: ImageArgument) throws -> [UInt8] {
    if case .file(let path) = argument { return try Engine.manifest(ofFile: path).bytes }
    return try global.engine().manifest(of: argument).bytes
  }
}
