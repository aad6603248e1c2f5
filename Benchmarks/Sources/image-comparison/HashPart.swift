import Measuring

/// SHA-512 of whole files, as the ID of an image is made.
struct HashPart {
  let fixture: Fixture

  func run(_ report: inout Report) throws {
    for tree in [Corpus.Tree.debian, .large] {
      let result = try job(tree).run(fixture.workspace)
      report.add(result)
      report.require(130, timesAsFastAs: "sha512sum", in: result)
      if tree == .debian { report.draw("SHA-512 of an image", ["sha512sum", "openssl dgst"], of: result) }
    }
  }

  private func job(_ tree: Corpus.Tree) -> Job {
    let file = fixture.corpus.image(tree)
    var candidates = [
      Candidate(name: "ImageDigest", note: "whole process, 256 KiB a read") { _ in
        fixture.own("hash-file", file)
      }
    ]
    if let command = fixture.peer("sha512sum", file) {
      candidates.append(Candidate(name: "sha512sum", note: "coreutils") { _ in command })
    }
    if let command = fixture.peer("openssl", "dgst", "-sha512", file) {
      candidates.append(Candidate(name: "openssl dgst", note: "the same library as ours") { _ in command })
    }
    return Job(
      title: "SHA-512, \(tree.title)", place: .workspace, rounds: fixture.rounds(tree), candidates: candidates
    )
  }
}
