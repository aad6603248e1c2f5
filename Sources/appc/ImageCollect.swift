import AppcEngine
import AppcSchema
import ArgumentParser

/// `appc image gc`.
struct ImageCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Remove images and trees that were not used for long, and what killed commands left.",
    usage: "appc image gc [OPTIONS]",
    discussion: """
      Rendered trees go when no pod needs them, images when they, and all that depends on them, were not used for \
      the grace period. With --max-size more of them go, what was used least recently first, until images and trees \
      take no more than that. Images of pods that have not ended stay. Damaged images that appc image verify --repair \
      put aside stay without --quarantine, and do not count for --max-size.
      Exit status: 0, 254 if something could not be removed.

      Example: appc image gc --grace-period 168h --max-size 20GiB --dry-run
      """)

  @Option(name: .long, help: ArgumentHelp("How long an image stays that is not used.", valueName: "DURATION"))
  var gracePeriod = "24h"

  @Option(
    name: .long,
    help: ArgumentHelp("The disk space that images and trees may take, as in 20GiB.", valueName: "SIZE"))
  var maxSize: String?

  @Flag(name: .long, help: "Remove damaged images that were put aside, too.")
  var quarantine = false

  @Flag(name: .long, help: "Only say what would go.")
  var dryRun = false

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() throws {
    let format = try OutputFormat.parse(format)
    let options = try options()
    let engine = try global.engine()
    // Afterwards nobody knows the names of what is gone.
    let names = format == nil ? try Self.names(engine.images()) : [:]
    let report = try engine.collectImages(options)
    if let format { format.write(report.json) } else { show(report, names) }
    for problem in report.problems { Console.error("appc: \(problem)") }
    if !report.problems.isEmpty { throw ExitCode(Appc.failureStatus) }
  }

  private func options() throws -> CollectionOptions {
    guard let grace = HumanText.seconds(parsing: gracePeriod) else {
      throw CommandError(
        "--grace-period: \"\(printable(gracePeriod.utf8))\" is no duration; write 30m, 24h or 0")
    }
    let size = try maxSize.map { text in
      guard let size = HumanText.bytes(parsing: text) else {
        throw CommandError("--max-size: \"\(printable(text.utf8))\" is no size; write 500MiB, 20GiB or 0")
      }
      return size
    }
    return CollectionOptions(
      imageGrace: .seconds(grace), maxBytes: size, quarantineGrace: quarantine ? .zero : nil, dryRun: dryRun)
  }

  private static func names(_ images: [ImageRecord]) -> [ImageID: String] {
    Dictionary(images.map { ($0.id, printable($0.versionedName.utf8)) }) { first, _ in first }
  }

  private func show(_ report: CollectionReport, _ names: [ImageID: String]) {
    let verb = dryRun ? "would remove" : "removed"
    func named(_ id: ImageID) -> String { "\(id)" + (names[id].map { " \($0)" } ?? "") }
    for id in report.images { Console.write("\(verb) image \(named(id))\n") }
    for id in report.imagesInUse { Console.write("kept image \(named(id)), which is in use\n") }
    for tree in report.trees { Console.write("\(verb) tree \(tree)\n") }
    let others = [
      ("quarantined images", report.quarantined), ("leftovers of killed commands", report.leftovers),
      ("records of downloads", report.remotes),
    ]
    for (what, count) in others where count > 0 { Console.write("\(verb) \(what): \(count)\n") }
    Console.write("\(dryRun ? "would free" : "freed") \(HumanText.size(report.freedBytes))\n")
  }
}

extension CollectionReport {
  /// The report as `--format=json` prints it.
  fileprivate var json: JSONValue {
    [
      "images": .array(images.map { .string($0.description) }),
      "images_in_use": .array(imagesInUse.map { .string($0.description) }),
      "trees": .array(trees.map { .string($0.description) }),
      "quarantined": .integer(quarantined),
      "leftovers": .integer(leftovers),
      "remotes": .integer(remotes),
      "freed_bytes": .integer(freedBytes),
      "problems": .array(problems.map { .string($0) }),
    ]
  }
}
