import AppcSchema
import CAppcLinux
import Glibc
import Logging
import SystemPackage

extension Pods {
  /// Starts a pod and returns when every app has been started, in the order of the manifest.
  ///
  /// Blocks for a few milliseconds. When it throws, nothing of the pod is left: no process, mount, control
  /// group or directory. The pod lives as long as the value returned, and ends within a second when this
  /// process does.
  ///
  /// - Throws: ``StageError``; the message names the app and the step.
  public func launch(_ specification: PodSpecification) throws(StageError) -> RunningPod {
    var specification = specification
    specification.streams = specification.streams.mapValues(\.withoutNullDevice)
    guard geteuid() == 0 else {
      throw StageError(
        .notPermitted, "starting pod", specification.uuid.description,
        detail: "root rights are needed; run it as root")
    }
    let groups = try cgroups()
    let cgroupPlan = Self.cgroupPlan(for: specification, groups.hierarchies)
    let plan = try plan(for: specification, cgroups: cgroupPlan)
    for warning in plan.warnings { logger.warning("\(warning)") }
    var preparation = try PodPreparation(specification, pods: pods)
    let launcher = Launcher(
      specification: specification, plan: plan, cgroupPlan: cgroupPlan, cgroups: groups)
    do throws(StageError) {
      try preparation.fill(with: plan)
      return try launcher.launch(&preparation)
    } catch {
      launcher.cgroups.kill(specification.uuid)
      launcher.cgroups.remove(specification.uuid, waiting: 1000)
      preparation.discard()
      throw error
    }
  }

  /// The plan by which a pod would be started, without starting it.
  ///
  /// - Throws: ``StageError`` when a volume's source, a user or a capability is not there.
  public func plan(for specification: PodSpecification) throws(StageError) -> LaunchPlan {
    let hierarchies = try cgroups().hierarchies
    return try plan(for: specification, cgroups: Self.cgroupPlan(for: specification, hierarchies))
  }

  private func plan(for specification: PodSpecification, cgroups: CgroupPlan) throws(StageError) -> LaunchPlan
  {
    try PodCheck.check(specification)
    var identities: [ACName: LaunchPlanner.Identity] = [:]
    for runtimeApp in specification.manifest.apps {
      guard let app = runtimeApp.app, let root = specification.roots[runtimeApp.name] else { continue }
      let users = try ImageUsers(root: root.directory)
      identities[runtimeApp.name] = LaunchPlanner.Identity(
        uid: try users.uid(of: app.user), gid: try users.gid(of: app.group))
    }
    var sources: [Volume: VolumeSource] = [:]
    let volumes =
      specification.manifest.volumes
      + specification.manifest.apps.flatMap { $0.mounts.compactMap(\.appVolume) }
    for volume in volumes where volume.kind == .host {
      sources[volume] = try VolumeSource(checking: volume)
    }
    return try LaunchPlanner(
      specification: specification, identities: identities, sources: sources, cgroups: cgroups,
      oomScore: Self.oomScore
    ).plan()
  }

  /// Our own oom score adjustment, where a lower one may be set.
  private static var oomScore: Int? {
    guard CapabilitySet.isEffective(named: "cap_sys_resource") else { return nil }
    return (try? SmallFile.read("/proc/self/oom_score_adj"))
      .flatMap { Int(String(decoding: $0.dropLast(), as: UTF8.self)) }
  }

  private static func cgroupPlan(
    for specification: PodSpecification, _ hierarchies: CgroupHierarchies
  ) -> CgroupPlan {
    var limits: [String: ResourceLimits] = [:]
    for app in specification.manifest.apps {
      limits[app.name.description] = ResourceLimits(isolators: app.app?.isolators ?? [])
    }
    return CgroupPlan(
      uuid: specification.uuid, hierarchies: hierarchies,
      apps: specification.manifest.apps.map(\.name.description),
      podLimits: ResourceLimits(isolators: specification.manifest.isolators), appLimits: limits,
      devices: .standard)
  }
}

extension ResourceLimits {
  /// The limits that isolators name (J15, J16); the tightest of several counts.
  init(isolators: [Isolator]) {
    self.init()
    for isolator in isolators {
      switch isolator.content {
      case .memory(let range): memory = Self.tighter(memory, range.limit?.value)
      case .cpu(let range): cpu = Self.tighter(cpu, range.limit?.milliValue)
      default: continue
      }
    }
  }

  private static func tighter(_ left: Int64?, _ right: Int64?) -> Int64? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }
}

/// What must hold of a specification before anything is asked of the host.
enum PodCheck {
  static func check(_ specification: PodSpecification) throws(StageError) {
    let apps = specification.manifest.apps
    guard !apps.isEmpty else {
      throw StageError(.invalidPod, "planning pod", specification.uuid.description, detail: "it has no app")
    }
    guard Set(apps.map(\.name)).count == apps.count else {
      throw StageError(
        .invalidPod, "planning pod", specification.uuid.description, detail: "two of its apps have one name")
    }
    for stream in specification.streams.values.flatMap(\.all) {
      var status = stat()
      guard let stream, fstat(stream.rawValue, &status) == 0 else { continue }
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw StageError(
          .invalidPod, "planning pod", specification.uuid.description,
          detail: "a stream is a directory, which would lead out of the app's root")
      }
    }
    let hostname = specification.hostname ?? ""
    guard hostname.utf8.count <= 64, !hostname.utf8.contains(0) else {
      throw StageError(
        .invalidPod, "planning pod", specification.uuid.description,
        detail: "its host name is longer than 64 bytes, or holds a NUL")
    }
  }
}
