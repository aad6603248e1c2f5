import ACIStore
import ArgumentParser
import Measuring

/// Lists a filled store some times, and prints how long each took.
struct ListImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-images", abstract: "Time lists.", shouldDisplay: false)

  @OptionGroup
  var filled: FilledStore

  func run() throws {
    let store = try filled.open()
    for _ in 0..<15 {
      var found = 0
      try SelfTiming.write { found = try store.images().count }
      guard found == filled.count else { throw Problem("\(found) images are listed") }
    }
  }
}
