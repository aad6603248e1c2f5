import Measuring
import SystemPackage

/// Candidates that do the same, the first of them ours, and what is asked of it.
struct Job {
  let title: String
  let place: Place
  let rounds: Int
  let candidates: [Candidate]

  /// Measures them in turn: each round runs every candidate once, and begins with another one than the last.
  ///
  /// Before, each runs once unmeasured, which brings files into memory, and the trees that they make are compared.
  func run(_ workspace: Workspace) throws -> JobResult {
    let differences = try warmUp(workspace)
    var samples: [[Sample]] = candidates.map { _ in [] }
    for round in 0..<rounds {
      for offset in candidates.indices {
        let index = (round + offset) % candidates.count
        samples[index].append(try candidates[index].measure(at: place, workspace))
      }
    }
    return JobResult(job: self, summaries: samples.map(Summary.init), differences: differences)
  }

  /// Sentences about others' trees that are not what GNU tar makes; one of ours is an error.
  private func warmUp(_ workspace: Workspace) throws -> [String] {
    var comparison = TreeComparison(workspace: workspace)
    var differences: [String] = []
    // GNU tar goes first, for its tree is what the others' must be.
    let reference = candidates.firstIndex { $0.name == TreeComparison.reference }
    for candidate in (reference.map { [candidates[$0]] } ?? [])
      + candidates.filter({ $0.name != TreeComparison.reference })
    {
      _ = try candidate.measure(at: place, workspace) { directory in
        guard let tree = candidate.tree else { return }
        guard let difference = try comparison.difference(of: directory.appending(tree)) else { return }
        let sentence = "\(candidate.name) makes another tree than \(TreeComparison.reference): \(difference)"
        if candidate.isAppc { throw Problem(sentence) }
        differences.append(sentence)
      }
    }
    return differences
  }
}
