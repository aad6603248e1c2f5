import AppcSchema
import ArgumentParser
import Measuring
import SchemaFixture

/// Reads one hostile document in a process of its own, and prints what that took: bytes, milliseconds, outcome.
struct HostileReading: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hostile-reading", abstract: "Read one hostile document.", shouldDisplay: false)

  /// Under which limits a document is read.
  enum Limits: String, CaseIterable, ExpressibleByArgument {
    /// Those that hold if nobody says otherwise.
    case usual
    /// With documents of that size allowed.
    case bytes
    /// With everything allowed.
    case all

    /// The limits in words.
    var title: String {
      switch self {
      case .usual: "the limits that hold if nobody says otherwise"
      case .bytes: "64 MiB allowed"
      case .all: "64 MiB, any number of values and \(JSONLimits.maximumDepth) levels allowed"
      }
    }

    var values: JSONLimits {
      switch self {
      case .usual: .default
      case .bytes: JSONLimits(bytes: HostileReading.size)
      case .all: JSONLimits(bytes: HostileReading.size, depth: JSONLimits.maximumDepth, values: .max)
      }
    }
  }

  static let size = 64 << 20

  @Argument(help: "Which document, by number.")
  var document: Int

  @Argument(help: "Under which limits.")
  var limits: Limits

  func run() throws {
    guard HostileDocument.all.indices.contains(document) else { throw Problem("there is no such document") }
    let bytes = HostileDocument.all[document].bytes(count: Self.size)
    var outcome = "read"
    var time: Int64 = 0
    let memory = try MemoryPeak.above {
      let start = ProcessTime.now()
      do {
        _ = try ImageManifest.read(bytes, limits: limits.values)
      } catch {
        outcome = "\(error)"
      }
      time = ProcessTime.now() - start
    }
    print("\(memory) \(time / 1_000_000) \(outcome)")
  }
}
