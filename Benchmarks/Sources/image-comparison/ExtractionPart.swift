import Measuring
import SystemPackage

/// Trees out of images that are not compressed: those of the store, and tar archives for others.
struct ExtractionPart {
  let fixture: Fixture

  func run(_ report: inout Report) throws {
    let store = fixture.workspace.path("store")
    defer { _ = try? MeasuredCommand(["/bin/rm", "-rf", store.string]).run(fixture.workspace) }
    for tree in Corpus.Tree.allCases {
      let id = try fixture.appc(store: store, "image", "import", fixture.corpus.image(tree))
        .output(fixture.workspace)
      let result = try job(tree, id, store).run(fixture.workspace)
      report.add(result)
      guard tree != .large else { continue }
      report.require(150, timesAsFastAs: TreeComparison.reference, in: result)
      report.draw(
        "Extraction of a stored image, \(tree.title)", [TreeComparison.reference, "bsdtar"], of: result)
    }
  }

  private func job(_ tree: Corpus.Tree, _ id: String, _ store: FilePath) -> Job {
    let image = fixture.corpus.image(tree)
    let tar = TarCandidates(fixture: fixture, image: image)
    return Job(
      title: "Extraction of a stored image, \(tree.title)", place: .freshFileSystem(),
      rounds: fixture.rounds(tree),
      candidates: [
        Candidate(
          name: "appc image extract", note: "checked, not hashed",
          command: { fixture.appc(store: store, "image", "extract", id, $0.appending("tree").string) },
          isAppc: true, tree: Candidate.rootfs),
        Candidate(
          name: "appc image render", note: "checked and hashed",
          command: { fixture.appc(store: store, "image", "render", id, $0.appending("tree").string) },
          isAppc: true, tree: Candidate.rootfs),
        tar.gnu("-xpf"),
      ] + [tar.bsd()].compactMap { $0 })
  }
}
