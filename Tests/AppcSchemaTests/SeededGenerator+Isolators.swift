@testable import AppcSchema

extension SeededGenerator {
  /// Isolators that do not exclude each other, each name once.
  mutating func isolators() throws -> [Isolator] {
    var contents: [Isolator.Content] = []
    if let set = maybe({ $0.seccompSet() }) {
      contents.append(chance(50) ? .seccompRetainSet(set) : .seccompRemoveSet(set))
    }
    if let names = maybe({ $0.capabilities() }) {
      contents.append(chance(50) ? .capabilitiesRetainSet(names) : .capabilitiesRemoveSet(names))
    }
    contents += resources() + flags() + labelsOfKernel()
    var isolators = contents.map(Isolator.init(_:))
    isolators += try distinct(by: \.name) { generator in
      Isolator(name: try ACIdentifier("example.com/\(generator.identifier())"), value: generator.json())
    }
    return isolators.shuffled(using: &self)
  }

  private mutating func seccompSet() -> Isolator.SeccompSet {
    Isolator.SeccompSet(
      set: ["@appc.io/all"] + list { $0.text() }, errno: maybe { $0.pick("EPERM", "E2BIG") })
  }

  private mutating func capabilities() -> [String] {
    ["CAP_KILL"] + list { "CAP_" + $0.text() }
  }

  private mutating func resources() -> [Isolator.Content] {
    [
      maybe { .cpu(Isolator.ResourceRange(request: $0.maybe { $0.quantity() }, limit: $0.quantity())) },
      maybe { .memory(Isolator.ResourceRange(request: $0.quantity(), limit: $0.maybe { $0.quantity() })) },
      maybe { .blockBandwidth(Isolator.ResourceRange(limit: $0.quantity())) },
      maybe { .blockIOPS(Isolator.ResourceRange(limit: $0.quantity())) },
      maybe { .networkBandwidth(Isolator.ResourceRange(limit: $0.quantity())) },
    ].compactMap { $0 }
  }

  private mutating func flags() -> [Isolator.Content] {
    [
      maybe { .noNewPrivileges($0.chance(50)) },
      maybe { .oomScoreAdjustment($0.number(-1000...1000)) },
      maybe { .cpuShares($0.number(2...262_144)) },
    ].compactMap { $0 }
  }

  private mutating func labelsOfKernel() -> [Isolator.Content] {
    [
      maybe { .apparmorProfile($0.someText()) },
      maybe {
        .selinuxContext(.init(user: $0.word(), role: $0.word(), type: $0.word(), level: $0.someText()))
      },
      maybe { generator in
        .sysctl(generator.distinct(by: { Array($0.key.utf8) }) { .init(key: $0.text(), value: $0.text()) })
      },
    ].compactMap { $0 }
  }
}
