import AppcSchema
import Glibc
import SystemPackage

/// A pod's directory while it is made: locked from the first moment, and gone unless it is handed over.
struct PodPreparation: ~Copyable {
  private(set) var directory: PodDirectory
  let lock: OwnedDescriptor
  private let specification: PodSpecification

  init(_ specification: PodSpecification, pods: FilePath) throws(StageError) {
    self.specification = specification
    directory = PodDirectory(pods: pods, stage: .preparing, uuid: specification.uuid)
    do throws(Errno) {
      let making = try PodLock.shared(pods.appending(PodDirectory.Stage.preparing.rawValue))
      defer { _ = making.rawValue }
      try PodDirectory.make(directory.path)
      do throws(Errno) {
        lock = try PodLock.create(directory.lock)
      } catch {
        try? TreeRemoval.remove(directory.path)
        throw error
      }
    } catch {
      throw StageError(.directory, "making the pod's directory", directory.path.string, errno: error)
    }
  }

  /// Writes everything that the pod's directory holds before it starts, and moves it to `run`.
  mutating func fill(with plan: LaunchPlan) throws(StageError) {
    var path = directory.path
    do throws(Errno) {
      path = directory.manifest
      try SmallFile.create(path, specification.manifest.serialized(.pretty))
      path = directory.plan
      try SmallFile.create(path, plan.compiled())
      path = directory.networks
      if specification.network == .host { try SmallFile.create(path, Array("host\n".utf8)) }
      path = directory.apps
      try PodDirectory.make(path)
      for app in specification.manifest.apps {
        path = directory.app(app.name.description)
        try PodDirectory.make(path)
        guard let root = specification.roots[app.name], root.isOverlay else { continue }
        try makeLayer(path, over: root.directory)
      }
      try makeVolumes(&path)
      path = directory.path
      try directory.move(to: .run)
    } catch {
      throw StageError(.directory, "making", path.string, errno: error)
    }
  }

  /// The writable layer.
  ///
  /// Its top directory is what the app sees as `/`, so it looks like the image's.
  private func makeLayer(_ path: FilePath, over root: FilePath) throws(Errno) {
    var status = stat()
    guard root.withPlatformString({ stat($0, &status) }) == 0 else { throw Errno(rawValue: errno) }
    let upper = path.appending("upper")
    try PodDirectory.make(upper)
    try Self.set(upper, owner: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
    try PodDirectory.make(path.appending("work"))
  }

  private func makeVolumes(_ path: inout FilePath) throws(Errno) {
    let own = specification.manifest.apps.flatMap { $0.mounts.compactMap(\.appVolume) }
    let volumes = (specification.manifest.volumes + own).filter { $0.kind == .empty }
    guard !volumes.isEmpty else { return }
    path = directory.volumes
    try PodDirectory.make(path)
    for volume in volumes {
      path = directory.volume(volume.name.description)
      do { try PodDirectory.make(path) } catch Errno.fileExists { continue }
      try Self.set(path, owner: volume.uid, group: volume.gid, mode: mode_t(volume.mode))
    }
  }

  private static func set(_ path: FilePath, owner: uid_t, group: gid_t, mode: mode_t) throws(Errno) {
    // The owner first: a change of owner clears set-ID bits.
    guard path.withPlatformString({ lchown($0, owner, group) }) == 0,
      path.withPlatformString({ chmod($0, mode) }) == 0
    else { throw Errno(rawValue: errno) }
  }

  /// Takes everything away again.
  func discard() {
    try? TreeRemoval.remove(directory.path)
  }
}
