import AppcEngine
import AppcSchema
import ArgumentParser

/// The options of `appc patch-manifest` about what the image runs.
struct AppEditOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("What to run, with its arguments.", valueName: "COMMAND"))
  var exec: String?

  @Option(
    name: .long, help: ArgumentHelp("A name, a number, or a path whose owner is meant.", valueName: "USER"))
  var user: String?

  @Option(
    name: .long, help: ArgumentHelp("A name, a number, or a path whose group is meant.", valueName: "GROUP"))
  var group: String?

  @Option(name: .long, help: ArgumentHelp("All further groups, as numbers: N,N...", valueName: "LIST"))
  var supplementaryGroups: String?

  @Option(name: .long, help: ArgumentHelp("Set an environment variable.", valueName: "NAME=VALUE"))
  var environment: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove an environment variable.", valueName: "NAME"))
  var removeEnvironment: [String] = []

  @Option(name: .long, help: ArgumentHelp("Where to start; \"\" for the default.", valueName: "PATH"))
  var workingDirectory: String?

  @Option(name: .long, help: ArgumentHelp("What to run before.", valueName: "COMMAND"))
  var preStart: String?

  @Flag(name: .long, help: "Run nothing before.")
  var removePreStart = false

  @Option(name: .long, help: ArgumentHelp("What to run after.", valueName: "COMMAND"))
  var postStop: String?

  @Flag(name: .long, help: "Run nothing after.")
  var removePostStop = false

  @Option(
    name: .long, help: ArgumentHelp("Set a mount point: NAME,path=PATH[,readOnly=BOOL].", valueName: "MOUNT"))
  var mount: [String] = []

  @Option(name: .long, help: ArgumentHelp("The same, several: MOUNT:MOUNT...", valueName: "LIST"))
  var mounts: String?

  @Option(name: .long, help: ArgumentHelp("Remove a mount point.", valueName: "NAME"))
  var removeMount: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Set a port: NAME,port=N[,protocol=TEXT][,count=N][,socketActivated=BOOL].", valueName: "PORT"))
  var port: [String] = []

  @Option(name: .long, help: ArgumentHelp("The same, several: PORT:PORT...", valueName: "LIST"))
  var ports: String?

  @Option(name: .long, help: ArgumentHelp("Remove a port.", valueName: "NAME"))
  var removePort: [String] = []

  @Option(name: .long, help: ArgumentHelp("Set an annotation of the user's.", valueName: "KEY=TEXT"))
  var userAnnotation: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove an annotation of the user's.", valueName: "KEY"))
  var removeUserAnnotation: [String] = []

  @Option(name: .long, help: ArgumentHelp("Set a label of the user's.", valueName: "KEY=TEXT"))
  var userLabel: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove a label of the user's.", valueName: "KEY"))
  var removeUserLabel: [String] = []

  /// What the options ask for, removals first.
  func steps() throws -> [ManifestEdits.Step] {
    var steps = EditSteps()
    try addRemovals(to: &steps)
    try steps.add("--exec", exec) { .app(.exec(try CommandWords.parse($0))) }
    try steps.add("--user", user) { .app(.user($0)) }
    try steps.add("--group", group) { .app(.group($0)) }
    try steps.add("--supplementary-groups", supplementaryGroups) {
      .app(.supplementaryGIDs(try Self.groups($0)))
    }
    try steps.add("--environment", environment) { .app(.variable(try Environment.Variable(parsing: $0))) }
    try steps.add("--working-directory", workingDirectory) { .app(.workingDirectory($0)) }
    try steps.add("--pre-start", preStart) {
      .app(.handler(EventHandler(name: .preStart, exec: try CommandWords.parse($0))))
    }
    try steps.add("--post-stop", postStop) {
      .app(.handler(EventHandler(name: .postStop, exec: try CommandWords.parse($0))))
    }
    try steps.add("--mounts", mounts, listing: MountPoint.list(parsing:)) { .app(.mountPoint($0)) }
    try steps.add("--mount", mount) { .app(.mountPoint(try MountPoint(parsing: $0))) }
    try steps.add("--ports", ports, listing: Port.list(parsing:)) { .app(.port($0)) }
    try steps.add("--port", port) { .app(.port(try Port(parsing: $0))) }
    try steps.add("--user-annotation", userAnnotation) { .app(.userAnnotation(try UserText(parsing: $0))) }
    try steps.add("--user-label", userLabel) { .app(.userLabel(try UserText(parsing: $0))) }
    return steps.steps
  }

  private func addRemovals(to steps: inout EditSteps) throws {
    try steps.add("--remove-environment", removeEnvironment) { .app(.removeVariable($0)) }
    if removePreStart { steps.add("--remove-pre-start", .app(.removeHandler(.preStart))) }
    if removePostStop { steps.add("--remove-post-stop", .app(.removeHandler(.postStop))) }
    try steps.add("--remove-mount", removeMount) { .app(.removeMountPoint(try ACName($0, mode: .tolerant))) }
    try steps.add("--remove-port", removePort) { .app(.removePort(try ACName($0, mode: .tolerant))) }
    try steps.add("--remove-user-annotation", removeUserAnnotation) { .app(.removeUserAnnotation($0)) }
    try steps.add("--remove-user-label", removeUserLabel) { .app(.removeUserLabel($0)) }
  }

  /// Numbers with commas between them; none in an empty text.
  private static func groups(_ text: String) throws -> [UInt32] {
    if text.isEmpty { return [] }
    return try text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { word in
      // 4294967295 is -1 to the kernel, which means "leave it as it is".
      guard word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = UInt32(Substring(word)), number < UInt32.max
      else { throw CommandError("\"\(printable(word))\" is no number of a group") }
      return number
    }
  }
}
