import ACIStore
import ArgumentParser
import Measuring
import SystemPackage

/// Lists a filled store some times, and prints how long each took.
struct ListImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-images", abstract: "Time lists.", shouldDisplay: false)

  @Argument(help: "The store.")
  var store: String

  @Argument(help: "How many images it has.")
  var count: Int

  func run() throws {
    let store = try ImageStore.open(at: FilePath(store))
    for _ in 0..<15 {
      var found = 0
      try SelfTiming.write { found = try store.images().count }
      guard found == count else { throw Problem("\(found) images are listed") }
    }
  }
}
