import AppcEngine
import AppcSchema
import ArgumentParser

/// How an image becomes a directory.
struct TreeOptions: ParsableArguments {
  @Flag(name: .long, help: "Make DIR the root file system itself, without the manifest.")
  var rootfsOnly = false

  @Flag(name: .long, help: "Replace DIR, and remove what it held, once the new one is complete.")
  var overwrite = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Who owns the files: archive, as the image says, or caller; by default archive for root.",
      valueName: "WHO"))
  var owner: String?

  /// Nil for the usual.
  func ownership() throws -> ExtractionOptions.Ownership? {
    switch owner {
    case nil: return nil
    case "archive": return .archive
    case "caller": return .caller
    case let other?:
      throw CommandError("--owner: there is no \"\(printable(other.utf8))\"; use archive or caller")
    }
  }
}
