import AppcSchema
import SystemPackage

/// The volumes that one app mounts, and where (K1 to K8), in the order in which they are attached.
struct AppMounts {
  /// Shallow targets first, so that a nested one lies on top.
  private(set) var uses: [LaunchPlan.VolumeUse] = []
  private(set) var warnings: [String] = []

  /// Whether a volume takes the place of the pod's own `/dev`.
  var hidesDevices: Bool { uses.contains { $0.target == Array("/dev".utf8) } }

  init(
    _ runtimeApp: RuntimeApp, _ app: App, _ manifest: PodManifest, _ sources: [Volume: VolumeSource]
  ) throws(StageError) {
    let name = runtimeApp.name.description
    var mounts = runtimeApp.mounts
    for point in app.mountPoints where !mounts.contains(where: { Self.samePath($0.path, point.path) }) {
      guard manifest.volumes.contains(where: { $0.name == point.name }) else {
        throw StageError(
          .volume, "planning app", name,
          detail: "nothing is mounted at its mount point \(point.name) (\(printable(point.path.utf8)));"
            + " give --volume \(point.name),kind=host,source=PATH")
      }
      mounts.append(Mount(volume: point.name, path: point.path))
    }
    for mount in mounts {
      guard let volume = mount.appVolume ?? manifest.volumes.first(where: { $0.name == mount.volume }) else {
        throw StageError(
          .volume, "planning app", name,
          detail: "it mounts volume \(mount.volume), which the pod does not have")
      }
      let point = app.mountPoints.first { Self.samePath($0.path, mount.path) }
      let source = sources[volume]
      // Read-only if either side says so: a writable volume does not lift an image's own restriction (K8).
      try add(
        LaunchPlan.VolumeUse(
          volume: volume.name.description, app: name, source: source?.path,
          isDirectory: source?.isDirectory ?? true, target: try Self.target(mount.path, app: name),
          readOnly: volume.readOnly == true || point?.readOnly == true,
          recursive: volume.kind == .host && volume.recursive != false))
    }
    uses.sort { ($0.depth, $0.volume) < ($1.depth, $1.volume) }
    if hidesDevices {
      warnings.append(
        "app \(name): the volume at /dev hides the pod's own devices; which of them it may use is unchanged")
    }
  }

  private mutating func add(_ use: LaunchPlan.VolumeUse) throws(StageError) {
    if let other = uses.first(where: { $0.target == use.target }) {
      throw StageError(
        .volume, "planning app", use.app,
        detail: "volumes \(other.volume) and \(use.volume) are both mounted at \(printable(use.target))")
    }
    uses.append(use)
  }

  /// A mount's path, cleaned.
  ///
  /// It must be absolute, may not be the root, and may not lie in `/proc` or `/sys`, where a mount would
  /// undo what hides the host.
  private static func target(_ path: String, app: String) throws(StageError) -> [UInt8] {
    let components = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    let refused: String? =
      if path.utf8.first != UInt8(ascii: "/") {
        "is not absolute"
      } else if components.isEmpty {
        "is the app's root"
      } else if components.contains(where: { $0.elementsEqual("..".utf8) }) || path.utf8.contains(0) {
        "is not a plain path"
      } else if ["proc", "sys"].contains(where: { components[0].elementsEqual($0.utf8) }) {
        "lies in /proc or /sys, which are the pod's own"
      } else {
        nil
      }
    if let refused {
      throw StageError(
        .volume, "planning app", app, detail: "the mount path \(printable(path.utf8)) \(refused)")
    }
    return components.flatMap { [UInt8(ascii: "/")] + Array($0) }
  }

  private static func samePath(_ left: String, _ right: String) -> Bool {
    func clean(_ path: String) -> [Substring.UTF8View] {
      path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    }
    let (left, right) = (clean(left), clean(right))
    return left.count == right.count && zip(left, right).allSatisfy { $0.elementsEqual($1) }
  }
}

extension LaunchPlan.VolumeUse {
  fileprivate var depth: Int { target.count { $0 == UInt8(ascii: "/") } }
}
