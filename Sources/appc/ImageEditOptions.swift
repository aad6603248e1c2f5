import AppcEngine
import AppcSchema
import ArgumentParser

/// The options of `appc patch-manifest` about the image itself.
struct ImageEditOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The image's name.", valueName: "NAME"))
  var name: String?

  @Option(name: .long, help: ArgumentHelp("Set a label; NAME= sets it to nothing.", valueName: "NAME=VALUE"))
  var label: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove a label.", valueName: "NAME"))
  var removeLabel: [String] = []

  @Option(name: .long, help: ArgumentHelp("Set an annotation.", valueName: "NAME=VALUE"))
  var annotation: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove an annotation.", valueName: "NAME"))
  var removeAnnotation: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Set a dependency: NAME[:VERSION][,LABEL=VALUE]...[,size=BYTES][,id=sha512-...].", valueName: "IMAGE"))
  var dependency: [String] = []

  @Option(name: .long, help: ArgumentHelp("Remove the dependencies on an image.", valueName: "NAME"))
  var removeDependency: [String] = []

  @Option(name: .long, help: ArgumentHelp("Add a path to the whitelist.", valueName: "PATH"))
  var pathWhitelist: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Add the paths in a file, one a line, to the whitelist; - is standard input.", valueName: "FILE"))
  var pathWhitelistFile: [String] = []

  @Flag(name: .long, help: "Empty the whitelist first: all paths count.")
  var clearPathWhitelist = false

  /// What the options ask for, removals first.
  func steps() throws -> [ManifestEdits.Step] {
    var steps = EditSteps()
    try steps.add("--remove-label", removeLabel) { .removeLabel(try ACIdentifier($0, mode: .tolerant)) }
    try steps.add("--remove-annotation", removeAnnotation) {
      .removeAnnotation(try ACIdentifier($0, mode: .tolerant))
    }
    try steps.add("--remove-dependency", removeDependency) {
      .removeDependency(try ACIdentifier($0, mode: .tolerant))
    }
    if clearPathWhitelist { steps.add("--clear-path-whitelist", .clearWhitelist) }
    try steps.add("--name", name) { .name(try ACIdentifier($0)) }
    try steps.add("--label", label) { .label(try Label(parsing: $0)) }
    try steps.add("--annotation", annotation) { .annotation(try Annotation(parsing: $0)) }
    try steps.add("--dependency", dependency) { .dependency(try DependencyText.parse($0)) }
    if !pathWhitelist.isEmpty { steps.add("--path-whitelist", .whitelist(pathWhitelist)) }
    try steps.add("--path-whitelist-file", pathWhitelistFile) { .whitelist(try PathListFile.read($0)) }
    return steps.steps
  }
}
