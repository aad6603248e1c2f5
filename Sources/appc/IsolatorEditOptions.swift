import AppcEngine
import AppcSchema
import ArgumentParser

/// The options of `appc patch-manifest` about limits and rights.
struct IsolatorEditOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The only capabilities to have: CAP_X,CAP_Y... Replaces what is there.", valueName: "LIST"))
  var capability: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The capabilities to go without. Replaces what is there.", valueName: "LIST"))
  var revokeCapability: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What becomes of the system calls of --seccomp-set: retain|remove[,errno=NAME].",
      valueName: "MODE"))
  var seccompMode: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The system calls: NAME,NAME... Replaces what is there.", valueName: "LIST"))
  var seccompSet: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Set an isolator: NAME,ITEM[,ITEM]... or NAME=JSON.", valueName: "ISOLATOR"))
  var isolator: [String] = []

  @Option(name: .long, help: ArgumentHelp("The same, several: ISOLATOR:ISOLATOR...", valueName: "LIST"))
  var isolators: String?

  @Option(name: .long, help: ArgumentHelp("Remove the isolators of a name.", valueName: "NAME"))
  var removeIsolator: [String] = []

  private static let capabilityNames: [ACIdentifier] = [
    "os/linux/capabilities-retain-set", "os/linux/capabilities-remove-set",
  ]
  private static let seccompNames: [ACIdentifier] = [
    "os/linux/seccomp-retain-set", "os/linux/seccomp-remove-set",
  ]

  /// What the options ask for, removals first.
  func steps() throws -> [ManifestEdits.Step] {
    guard capability == nil || revokeCapability == nil else {
      throw CommandError("--capability and --revoke-capability exclude each other")
    }
    var steps = EditSteps()
    try steps.add("--remove-isolator", removeIsolator) {
      .app(.removeIsolator(try ACIdentifier($0, mode: .tolerant)))
    }
    try steps.add("--capability", capability) {
      .app(.isolator(Isolator(.capabilitiesRetainSet(try Self.names($0))), insteadOf: Self.capabilityNames))
    }
    try steps.add("--revoke-capability", revokeCapability) {
      .app(.isolator(Isolator(.capabilitiesRemoveSet(try Self.names($0))), insteadOf: Self.capabilityNames))
    }
    try addSeccomp(to: &steps)
    try steps.add("--isolators", isolators, listing: Isolator.list(parsing:)) {
      .app(.isolator($0, insteadOf: []))
    }
    try steps.add("--isolator", isolator) { .app(.isolator(try Isolator(parsing: $0), insteadOf: [])) }
    return steps.steps
  }

  private func addSeccomp(to steps: inout EditSteps) throws {
    switch (seccompMode, seccompSet) {
    case (nil, nil): return
    case (nil, .some): throw CommandError("--seccomp-set needs --seccomp-mode to say what becomes of the set")
    case (.some, nil): throw CommandError("--seccomp-mode needs --seccomp-set to say what it is about")
    case (let mode?, let set?):
      let names = try EditSteps.about("--seccomp-set") { try Self.names(set) }
      try steps.add("--seccomp-mode", mode) {
        .app(.isolator(try Self.seccomp($0, names), insteadOf: Self.seccompNames))
      }
    }
  }

  /// `retain` or `remove`, and maybe the error that is returned.
  private static func seccomp(_ mode: String, _ names: [String]) throws -> Isolator {
    let parts = mode.utf8.split(separator: UInt8(ascii: ","), maxSplits: 1, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    var set = Isolator.SeccompSet(set: names)
    if parts.count == 2 {
      guard parts[1].utf8.starts(with: "errno=".utf8) else {
        throw CommandError("only errno=NAME may follow, not \"\(printable(parts[1].utf8))\"")
      }
      set.errno = String(decoding: parts[1].utf8.dropFirst("errno=".utf8.count), as: UTF8.self)
    }
    switch parts[0] {
    case "retain": return Isolator(.seccompRetainSet(set))
    case "remove": return Isolator(.seccompRemoveSet(set))
    default: throw CommandError("there is no \"\(printable(parts[0].utf8))\"; use retain or remove")
    }
  }

  /// Names with commas between them.
  private static func names(_ list: String) throws -> [String] {
    try list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { name in
      guard !name.isEmpty else { throw CommandError("\"\(printable(list.utf8))\" has an empty name in it") }
      return String(decoding: name, as: UTF8.self)
    }
  }
}
