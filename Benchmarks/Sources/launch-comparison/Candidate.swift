import AppcSchema
import LaunchFixture
import Stage
import SystemPackage

/// Something that runs `/bin/true` in namespaces of its own.
protocol Candidate {
  /// A short name, for the table and `--only`.
  var name: String { get }
  /// What exactly is timed.
  var note: String { get }
  /// Launches once; what has to be removed afterwards is removed outside the measured time.
  func launch() throws -> Sample
}

/// `Pods.launch` and `wait`, called from this process.
struct StageCandidate: Candidate {
  let name: String
  let note: String
  let fixture: LaunchFixture
  let root: @Sendable (FilePath) -> RootSource

  func launch() throws -> Sample {
    let specification = try fixture.specification(root: root)
    let sample = try Sample.measure { try fixture.run(specification) }
    try fixture.pods.remove(specification.uuid)
    return sample
  }
}

/// A program that is started as a whole process.
struct PeerCandidate: Candidate {
  let name: String
  let note: String
  let process: PeerProcess
  var view: MountView?
  var tidy: @Sendable () throws -> Void = {}

  func launch() throws -> Sample {
    let sample = try view?.run { try process.run() } ?? process.run()
    try tidy()
    return sample
  }
}
