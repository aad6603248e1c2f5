import ACIStore
import ArgumentParser
import SystemPackage

/// Imports an image with the library and prints how long the call took.
struct ImportInProcess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-in-process", abstract: "Time one import.", shouldDisplay: false)

  @Flag(help: "Make its tree from the same reading.")
  var rendersTree = false

  @Argument(help: "The store.")
  var store: String

  @Argument(help: "The image.")
  var file: String

  func run() throws {
    let store = try ImageStore.open(at: FilePath(store))
    let options = ImportOptions(rendersTree: rendersTree)
    try SelfTiming.write { _ = try store.importImage(from: FilePath(file), options: options) }
  }
}
