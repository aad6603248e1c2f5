import Measuring
import SystemPackage

/// Trees out of images with gzip, without hashing.
struct UnpackingPart {
  let fixture: Fixture

  func run(_ report: inout Report) throws {
    for tree in Corpus.Tree.allCases {
      let result = try job(tree).run(fixture.workspace)
      report.add(result)
      guard tree != .large else { continue }
      report.require(tree == .debian ? 300 : 130, timesAsFastAs: TreeComparison.reference, in: result)
      report.require(400, timesAsFastAs: Umoci.name, in: result)
      report.draw(
        "Extraction of a gzip image, \(tree.title)",
        [TreeComparison.reference, "GNU tar, pigz", "bsdtar", Umoci.name], of: result)
    }
  }

  private func job(_ tree: Corpus.Tree) -> Job {
    let image = fixture.corpus.image(tree, .gzip)
    let tar = TarCandidates(fixture: fixture, image: image)
    var candidates = [
      Candidate(
        name: "appc image extract", note: "checked, not hashed",
        command: { fixture.appc("image", "extract", image, $0.appending("tree").string) },
        isAppc: true, tree: Candidate.rootfs),
      tar.gnu("-xpzf"),
    ]
    candidates += [tar.pigz(), tar.bsd(), tree == .large ? nil : Umoci.candidate(tree, fixture)].compactMap {
      $0
    }
    return Job(
      title: "Extraction with gzip, \(tree.title)", place: .freshFileSystem(), rounds: fixture.rounds(tree),
      candidates: candidates)
  }
}
