import Measuring
import SystemPackage

/// Import into an empty store on a fresh file system, beside what it is made of and what a shell would do.
struct ImportPart {
  private static let shell = "gzip, tee, sha512sum"
  let fixture: Fixture

  func run(_ report: inout Report) throws {
    for tree in Corpus.Tree.allCases {
      let result = try job(tree).run(fixture.workspace)
      report.add(result)
      guard tree == .debian else { continue }
      report.require(atMost: 130, of: ["inflate alone", "hash alone"], in: result)
      report.require(300, timesAsFastAs: Self.shell, in: result)
      report.draw("Import of a gzip image", [Self.shell], of: result)
    }
    report.add(try otherForms().run(fixture.workspace))
    for tree in [Corpus.Tree.debian, .small] { report.add(try rendering(tree).run(fixture.workspace)) }
  }

  private func job(_ tree: Corpus.Tree) -> Job {
    let image = fixture.corpus.image(tree, .gzip)
    let tar = fixture.corpus.image(tree)
    return Job(
      title: "Import with gzip, \(tree.title)", place: .freshFileSystem(), rounds: fixture.rounds(tree),
      candidates: [
        command("appc image import", "checked, hashed, written, synced", image),
        Candidate(
          name: "importImage", note: "the library's call alone",
          command: { fixture.own("import-in-process", store(in: $0).string, image) },
          prepare: makeStore, timesItself: true),
        Candidate(name: "inflate alone", note: "read and checked, not hashed or written") { _ in
          fixture.own("walk-image", image)
        },
        Candidate(name: "hash alone", note: "of the uncompressed image") { _ in fixture.own("hash-file", tar)
        },
        Candidate(name: Self.shell, note: "a pipeline; hashed and written, not checked or synced") { place in
          let blob = place.appending("blob").string
          return fixture.shell(#"gzip -dc "$1" | tee "$2" | sha512sum"#, image, blob)
        },
      ])
  }

  /// The same image in other forms, without a target.
  private func otherForms() -> Job {
    Job(
      title: "Import by form, Debian minbase", place: .freshFileSystem(), rounds: fixture.rounds(.large),
      candidates: [
        command("gzip", "level 6", fixture.corpus.image(.debian, .gzip)),
        command("tar", "not compressed", fixture.corpus.image(.debian)),
        command("zstd", "level 3", fixture.corpus.image(.debian, .zstd)),
        command("xz", "one block", fixture.corpus.image(.debian, .xz)),
      ])
  }

  /// A stored blob and a rendered tree with its listing, from one reading; without a target.
  private func rendering(_ tree: Corpus.Tree) -> Job {
    let image = fixture.corpus.image(tree, .gzip)
    let ours = Candidate(
      name: "importImage, rendersTree",
      note: "the library: a blob, and a tree with the digest of each file; synced",
      command: { fixture.own("import-in-process", "--renders-tree", store(in: $0).string, image) },
      prepare: makeStore)
    return Job(
      title: "Import and rendering in one pass, \(tree.title)", place: .freshFileSystem(),
      rounds: fixture.rounds(.large),
      candidates: [ours, command("appc image import", "without a tree", image)]
        + [Umoci.candidate(tree, fixture)].compactMap { $0 })
  }

  private func command(_ name: String, _ note: String, _ image: String) -> Candidate {
    Candidate(
      name: name, note: note,
      command: { fixture.appc(store: store(in: $0), "image", "import", image) },
      prepare: makeStore, isAppc: true)
  }

  private func store(in place: FilePath) -> FilePath { place.appending("store") }

  private func makeStore(_ place: FilePath) throws {
    _ = try fixture.appc(store: store(in: place), "image", "list").run(fixture.workspace)
  }
}
