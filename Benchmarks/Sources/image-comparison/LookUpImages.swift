import ACIStore
import AppcSchema
import ArgumentParser
import Measuring

/// Finds images of a filled store by the start of their IDs, and prints how long each look took.
struct LookUpImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "look-up-images", abstract: "Time lookups by prefix.", shouldDisplay: false)

  @OptionGroup
  var filled: FilledStore

  func run() throws {
    let store = try filled.open()
    for round in 0..<1000 {
      // A prime, so that they are all over the store.
      let id = try FillStore.id(round * 7919 % filled.count)
      let prefix = try ImageReference("sha512-\(id.hex.prefix(12))")
      var found: ImageID?
      try SelfTiming.write { found = try store.resolve(prefix) }
      guard found == id else { throw Problem("\(prefix) is not found") }
    }
  }
}
