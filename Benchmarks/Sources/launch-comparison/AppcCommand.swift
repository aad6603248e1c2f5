import AppcSchema
import Glibc
import LaunchFixture
import Measuring
import Stage
import SystemPackage

/// The command `appc` over a store of its own that holds one image, already rendered.
struct AppcCommand {
  private static let image = "example.com/true"
  private let program: String
  private let store: FilePath
  private let pods: Pods
  private let errors: FilePath

  init(_ fixture: LaunchFixture, program: String, _ errors: FilePath) throws {
    self.program = program
    self.errors = errors
    store = fixture.directory.appending("store")
    pods = try Pods(root: store)
    let image = fixture.directory.appending("image")
    try SmallText.write(
      """
      {"acKind":"ImageManifest","acVersion":"0.8.11","name":"\(Self.image)",
      "app":{"exec":["/bin/true"],"user":"0","group":"0"}}
      """, to: image.appending("manifest"))
    let file = fixture.directory.appending("true.aci").string
    _ = try process("build", image.string, file).run()
    _ = try process("--dir", store.string, "image", "import", file).run()
    // The first run renders the tree.
    _ = try candidate("appc", options: [], "").launch()
  }

  /// The command `appc run` with options for its only app.
  ///
  /// The pod's directory is removed outside the measured time.
  func candidate(_ name: String, options: [String], _ note: String) throws -> PeerCandidate {
    let pods = pods
    let run = process(["--dir", store.string, "run", Self.image] + options)
    return PeerCandidate(name: name, note: note, process: run) {
      for pod in try pods.list() { try pods.remove(pod.uuid) }
    }
  }

  private func process(_ arguments: String...) -> PeerProcess { process(arguments) }

  private func process(_ arguments: [String]) -> PeerProcess {
    PeerProcess(program: program, arguments: arguments, errors: errors)
  }
}
