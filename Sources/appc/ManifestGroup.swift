import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc manifest`.
struct ManifestGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manifest", abstract: "Work with manifests.", subcommands: [ManifestUpgradeCommand.self])
}

/// `appc manifest upgrade`.
struct ManifestUpgradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Make a manifest of an earlier version one of today's.",
    usage: "appc manifest upgrade [OPTIONS] OLD [NEW]",
    discussion: """
      OLD is an image or pod manifest of any version since 0.1.1, or a ContainerRuntimeManifest; - is standard \
      input. The new one goes to NEW or to standard output, what was converted is told on standard error. The \
      text of OLD stays as it is where nothing had to change. Mount points that only the images of a pod know \
      are looked up in the store when --dir is given.
      The result passes appc validate --strict. Where it cannot, nothing is written and what is left to decide is \
      told. Exit status: 0, 1 if OLD cannot be upgraded, 254 if it could not be read or NEW not written.
      """)

  @Flag(name: .long, help: "Replace NEW if it exists.")
  var overwrite = false

  @Flag(name: .long, help: "Replace OLD itself.")
  var replace = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("The manifest to upgrade.", valueName: "OLD"))
  var old: String

  @Argument(help: ArgumentHelp("The file to write.", valueName: "NEW"))
  var new: String?

  func validate() throws {
    if replace, new != nil || overwrite { throw ValidationError("--replace excludes NEW and --overwrite") }
    if replace, old == "-" {
      throw ValidationError("--replace needs a file; standard input cannot be replaced")
    }
    if overwrite, new == nil { throw ValidationError("--overwrite needs NEW") }
  }

  func run() throws {
    let image = try StoreImages(global).manifest
    let upgrade =
      old == "-"
      ? try ManifestUpgrade(of: .standardInput, name: old, image: image)
      : try ManifestUpgrade(of: FilePath(old), image: image)
    let report = ValidationReport(file: old, type: .manifest)
    upgrade.notes.forEach { FindingText.show($0, of: report) }
    guard let bytes = upgrade.bytes, upgrade.isComplete else {
      tellRemaining(upgrade)
      throw ExitCode(Validate.invalidStatus)
    }
    if replace {
      try upgrade.replace(FilePath(old))
    } else if let new {
      try upgrade.write(to: FilePath(new), overwrite: overwrite)
    } else {
      Console.write(bytes)
    }
  }

  /// Places are those in a document that nobody sees, so they are left out.
  private func tellRemaining(_ upgrade: ManifestUpgrade) {
    let shown = printable(old.utf8)
    for finding in upgrade.remaining { Console.error("\(shown): after upgrading: \(finding)") }
    Console.error("appc: \(shown) cannot be upgraded; mend what is told above and run this again")
  }
}
