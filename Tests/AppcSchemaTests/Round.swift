import Foundation
import Testing

/// One round of a test that makes its own input: everything follows from the seed.
///
/// Swift Testing shows the arguments of a test that fails, so a failure names its seed:
/// `APPC_SEED=1234 APPC_ROUNDS=1 swift test --filter ...` runs that round again, and no other.
struct Round: Sendable, CustomTestStringConvertible {
  let seed: UInt64

  var generator: SeededGenerator { SeededGenerator(seed: seed) }

  var testDescription: String { "APPC_SEED=\(seed)" }

  /// As many rounds as `APPC_ROUNDS` says, from the seed that `APPC_SEED` gives or a random one.
  static let all: [Round] = {
    let settings = ProcessInfo.processInfo.environment
    let first = settings["APPC_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64(UInt32.max))
    let count = settings["APPC_ROUNDS"].flatMap { UInt64($0) } ?? 10
    return (0..<count).map { Round(seed: first &+ $0) }
  }()
}
