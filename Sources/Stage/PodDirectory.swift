import AppcSchema
import Glibc
import SystemPackage

/// One pod's directory, and the names in it.
///
/// The directory above says which state the pod is in, so it moves: a path from here is good for as long as
/// the caller holds the pod's lock, or for one look.
struct PodDirectory: Hashable, Sendable {
  /// The directories under `pods`, in the order of a pod's life.
  enum Stage: String, CaseIterable, Sendable {
    case preparing, prepared, run, exited, garbage
  }

  let pods: FilePath
  var stage: Stage
  let uuid: PodUUID

  var path: FilePath { pods.appending(stage.rawValue).appending(uuid.description) }
  var lock: FilePath { path.appending("lock") }
  var manifest: FilePath { path.appending("pod.json") }
  var plan: FilePath { path.appending("plan") }
  var pid: FilePath { path.appending("pid") }
  var networks: FilePath { path.appending("networks") }
  var apps: FilePath { path.appending("apps") }
  var volumes: FilePath { path.appending("volumes") }

  func app(_ name: String) -> FilePath { apps.appending(name) }
  func volume(_ name: String) -> FilePath { volumes.appending(name) }

  /// Moves the pod to another state, at once and whole.
  mutating func move(to stage: Stage) throws(Errno) {
    let target = PodDirectory(pods: pods, stage: stage, uuid: uuid)
    let outcome = path.withPlatformString { from in
      target.path.withPlatformString { to in Glibc.rename(from, to) }
    }
    guard outcome == 0 else { throw Errno(rawValue: errno) }
    self.stage = stage
  }

  static func make(_ path: FilePath, mode: mode_t = 0o700) throws(Errno) {
    guard path.withPlatformString({ mkdir($0, mode) }) == 0 else { throw Errno(rawValue: errno) }
  }
}
