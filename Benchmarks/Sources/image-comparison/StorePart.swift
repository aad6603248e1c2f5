import Measuring
import SystemPackage

/// Stores of many images, and many small imports.
struct StorePart {
  private static let bare = "write, fsync, rename"
  private static let lookedUp = 100_000
  private static let listed = 10_000
  /// The system calls that wait for a disk.
  private static let syncs = ["fsync", "fdatasync", "syncfs", "sync"]
  let fixture: Fixture

  func run(_ report: inout Report) throws {
    try measureQueries(&report)
    try countSyncs(&report)
    for (name, place) in [("fresh ext4", Place.freshFileSystem()), ("the disk", .directory(fixture.disk))] {
      let result = try smallImports(name, at: place).run(fixture.workspace)
      report.add(result)
      report.require(atMost: 2000, of: [Self.bare], in: result)
    }
  }

  // MARK: Stores of many images

  private func measureQueries(_ report: inout Report) throws {
    let lookup = try query("look-up-images", images: Self.lookedUp)
    let list = try query("list-images", images: Self.listed)
    let rows = [
      ["", "min ms", "median ms", "p90 ms", "what"],
      row("prefix of an ID among \(Self.lookedUp)", lookup, "ImageStore.resolve, 12 digits, warm"),
      row("list of \(Self.listed)", list, "ImageStore.images, warm"),
    ]
    print("\n### Stores of many images\n\n\(MarkdownTable.text(rows))")
    report.verdicts.add(
      "prefix of an ID among \(Self.lookedUp) images", Figure.milliseconds(lookup.median) + " ms",
      "below 1 ms", lookup.median < 1_000_000)
    report.verdicts.add(
      "list of \(Self.listed) images", Figure.milliseconds(list.median) + " ms", "below 100 ms",
      list.median < 100_000_000)
  }

  private func row(_ name: String, _ times: Distribution, _ note: String) -> [String] {
    [name] + [times.least, times.median, times.slow].map(Figure.milliseconds) + [note]
  }

  /// What a subcommand measures of a store that has so many images.
  private func query(_ subcommand: String, images: Int) throws -> Distribution {
    try Interruption.check()
    return try Place.freshFileSystem(inodes: 4 * images).with(fixture.workspace) { place in
      let store = place.appending("store").string
      _ = try fixture.own("fill-store", store, fixture.corpus.tinyImages[0], "\(images)").run(
        fixture.workspace)
      let output = try fixture.own(subcommand, store, "\(images)").output(fixture.workspace)
      return Distribution(output.split(separator: "\n").compactMap { Int64($0) })
    }
  }

  // MARK: Small imports

  private func countSyncs(_ report: inout Report) throws {
    guard let strace = MeasuredCommand.find("strace") else {
      return print("\nstrace is left out: it is not installed")
    }
    try Place.freshFileSystem().with(fixture.workspace) { place in
      try makeStore(place)
      let trace = fixture.workspace.path("trace")
      let options = ["-f", "-qq", "-e", "trace=" + Self.syncs.joined(separator: ","), "-o", trace.string]
      let command = importing(Array(fixture.corpus.tinyImages.prefix(1)), place)
      _ = try MeasuredCommand([strace] + options).appending(command).run(fixture.workspace)
      let count = try SmallText.read(trace).split(separator: "\n").count { line in
        Self.syncs.contains { line.contains(" \($0)(") }
      }
      report.verdicts.add("fsync and syncfs of an import of 10 KiB", "\(count)", "at most 3", count <= 3)
    }
  }

  private func smallImports(_ name: String, at place: Place) -> Job {
    Job(
      title: "100 imports of 10 KiB, \(name)", place: place, rounds: fixture.rounds(),
      candidates: [
        Candidate(
          name: "appc image import", note: "one command, 100 files",
          command: { importing(fixture.corpus.tinyImages, $0) }, prepare: makeStore, isAppc: true),
        Candidate(
          name: Self.bare, note: "100 files of 10 KiB, without the start of the process",
          command: { fixture.own("bare-writes", $0.string, "\(Corpus.tinyCount)") }, timesItself: true),
      ])
  }

  private func importing(_ files: [String], _ place: FilePath) -> MeasuredCommand {
    fixture.appc(store: store(in: place), "image", "import").appending(files)
  }

  private func makeStore(_ place: FilePath) throws {
    _ = try fixture.appc(store: store(in: place), "image", "list").run(fixture.workspace)
  }

  private func store(in place: FilePath) -> FilePath { place.appending("store") }
}
