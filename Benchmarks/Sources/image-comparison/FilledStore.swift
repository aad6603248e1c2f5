import ACIStore
import ArgumentParser
import SystemPackage

/// The store that a command times itself with, as `FillStore` has left it.
struct FilledStore: ParsableArguments {
  @Argument(help: "The store.")
  var path: String

  @Argument(help: "How many images it has.")
  var count: Int

  func open() throws -> ImageStore { try ImageStore.open(at: FilePath(path)) }
}
