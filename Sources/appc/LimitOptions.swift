import AppcEngine
import AppcSchema
import ArgumentParser

/// What an image may cost.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Raise or lower what an image may cost: NAME=NUMBER,... with the names that messages use, as in \
      expandedBytes=100GiB,ratio=1000,entries=5000000.
      """, valueName: "LIST"))
  var limits: [String] = []

  /// The limits, those that were not given at their defaults.
  func chosen() throws -> ArchiveLimits {
    var chosen = ArchiveLimits.default
    for part in limits.flatMap(OptionText.list) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, let value = HumanText.bytes(parsing: words[1]), value > 0 else {
        throw CommandError("--limits: \"\(printable(part.utf8))\" is not NAME=NUMBER")
      }
      guard Self.set(words[0], to: value, in: &chosen) else {
        throw CommandError(
          "--limits: there is no \"\(printable(words[0].utf8))\"; use a name that a message asks to raise")
      }
    }
    return chosen
  }

  /// Sets the limit of a name, which is that of the library's property; false if there is none.
  private static func set(_ name: String, to value: Int64, in limits: inout ArchiveLimits) -> Bool {
    switch name {
    case "manifestBytes": limits.manifestBytes = Int(value)
    case "entries": limits.entries = Int(value)
    case "namesBytes": limits.namesBytes = Int(value)
    case "pathBytes": limits.pathBytes = Int(value)
    case "componentBytes": limits.componentBytes = Int(value)
    case "depth": limits.depth = Int(value)
    case "linkTargetBytes": limits.linkTargetBytes = Int(value)
    case "expandedBytes": limits.expandedBytes = value
    case "ratio": limits.ratio = value
    case "ratioGrace": limits.ratioGrace = value
    case "extendedHeaderBytes": limits.extendedHeaderBytes = Int(value)
    case "extendedHeaderRecords": limits.extendedHeaderRecords = Int(value)
    case "sparseSegments": limits.sparseSegments = Int(value)
    case "dictionaryBytes": limits.dictionaryBytes = value
    default: return false
    }
    return true
  }
}
