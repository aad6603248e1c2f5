import AppcSchema
import SystemPackage

/// Makes a pod's launch plan from values alone: what had to be asked of the host has been asked before.
struct LaunchPlanner {
  /// What the host said about an app's image and root.
  struct Identity: Hashable, Sendable {
    var uid: UInt32
    var gid: UInt32
  }

  let specification: PodSpecification
  /// Users and groups by app.
  let identities: [ACName: Identity]
  /// Sources of host volumes.
  let sources: [Volume: VolumeSource]
  /// The pod's control groups.
  let cgroups: CgroupPlan
  /// The oom score adjustment of the caller, which apps get back; nil where pid 1's cannot be lowered.
  let oomScore: Int?

  func plan() throws(StageError) -> LaunchPlan {
    var plan = LaunchPlan()
    plan.ownNetwork = specification.network == .none
    _ = plan.index(of: .lock)
    for number in specification.leases.indices { _ = plan.index(of: .lease(number)) }
    _ = plan.index(of: .appsDirectory)
    plan.keptDescriptors = plan.descriptors.count
    plan.warnings = cgroups.warnings

    planPod(&plan)
    for app in specification.manifest.apps { try planApp(app, &plan) }
    return plan
  }

  private func planPod(_ plan: inout LaunchPlan) {
    for controller in cgroups.version1.keys.sorted() {
      let tasks = plan.index(of: .tasks(controller: controller, app: nil))
      plan.podSteps.append(.joinCgroup(tasks, controller: controller))
    }
    // A pod that runs out of memory loses an app, not the process that reports it.
    if oomScore != nil {
      plan.podSteps.append(
        .writeFile(path: Array("/proc/self/oom_score_adj".utf8), content: Array("-1000".utf8)))
    }
    plan.podSteps.append(.scratchRoot)
    if plan.ownNetwork { plan.podSteps.append(.loopbackUp) }
    let hostname = specification.hostname ?? "appc-\(specification.uuid)"
    plan.podSteps.append(.hostname(Array(hostname.utf8)))
  }

  private func planApp(_ runtimeApp: RuntimeApp, _ plan: inout LaunchPlan) throws(StageError) {
    let name = runtimeApp.name.description
    guard let app = runtimeApp.app else {
      throw StageError(
        .invalidPod, "planning app", name, detail: "neither its image nor the pod says what to run")
    }
    guard let root = specification.roots[runtimeApp.name], let identity = identities[runtimeApp.name] else {
      throw StageError(.invalidPod, "planning app", name, detail: "it has no root file system")
    }
    let mounts = try AppMounts(runtimeApp, app, specification.manifest, sources)
    plan.warnings += mounts.warnings + unenforcedIsolators(of: app).map { "app \(name): \($0)" }
    let layout = AppLayout(oomScore: oomScore, protectsPaths: !specification.exceptions.contains(.paths))
    var steps: [LaunchPlan.AppStep] = []
    for controller in cgroups.appLeaves[name, default: [:]].keys.sorted() {
      let tasks = plan.index(of: .tasks(controller: controller, app: name))
      steps.append(.joinCgroup(tasks, controller: controller))
    }
    steps.append(.cgroupNamespace)
    steps.append(rootStep(name, root, &plan))
    steps += layout.systemSteps(withDevices: !mounts.hidesDevices)
    for use in mounts.uses {
      steps += use.isDirectory ? AppLayout.directories(to: use.target) : AppLayout.file(at: use.target)
      let tree = plan.index(of: .volume(use))
      steps.append(.attach(tree, volume: use.volume, target: use.target, isDirectory: use.isDirectory))
    }
    // Last, so that no mount can lie over what hides something.
    steps += layout.protectionSteps
    if runtimeApp.readOnlyRootFS { steps.append(.restrictRoot(.readOnly)) }
    steps.append(.enterRoot)
    plan.apps.append(
      LaunchPlan.App(
        name: name, steps: steps, process: try process(runtimeApp, app, identity, &plan)))
  }

  /// What this version cannot hold an app to (J2): said, rather than passed over.
  private func unenforcedIsolators(of app: App) -> [String] {
    app.isolators.compactMap { isolator in
      switch isolator.content {
      case .capabilitiesRetainSet, .capabilitiesRemoveSet, .noNewPrivileges, .memory, .cpu: nil
      default: "its isolator \(isolator.name) is not enforced by this version"
      }
    }
  }

  private func rootStep(
    _ app: String, _ root: RootSource, _ plan: inout LaunchPlan
  ) -> LaunchPlan.AppStep {
    let tree = plan.index(of: .root(app))
    guard root.isOverlay else { return .bindRoot(tree, attributes: .noDevices) }
    return .overlayRoot(lower: tree, writable: plan.index(of: .writable(app)), attributes: .noDevices)
  }

  private func process(
    _ runtimeApp: RuntimeApp, _ app: App, _ identity: Identity, _ plan: inout LaunchPlan
  ) throws(StageError) -> LaunchPlan.Process {
    let name = runtimeApp.name.description
    guard let program = app.exec.first, !program.isEmpty else {
      throw StageError(
        .executable, "starting app", name, detail: "its image names no program to run; give one with --exec")
    }
    let environment = AppEnvironment(
      app: app, name: runtimeApp.name, metadataURL: specification.metadataURL)
    let streams = specification.streams[runtimeApp.name] ?? AppStreams()
    var indices: [LaunchPlan.DescriptorIndex?] = []
    for (number, stream) in streams.all.enumerated() {
      indices.append(stream == nil ? nil : plan.index(of: .stream(app: name, number: number)))
    }
    let cgroup = cgroups.unified == nil ? nil : plan.index(of: .appCgroup(name))
    let process = LaunchPlan.Process(
      uid: identity.uid, gid: identity.gid, groups: app.supplementaryGIDs,
      capabilities: try AppCapabilities(app, exceptions: specification.exceptions).bounding,
      noNewPrivileges: app.isolators.contains { $0.content == .noNewPrivileges(true) }, cgroup: cgroup,
      streams: indices,
      workingDirectory: Array((app.workingDirectory ?? "/").utf8),
      candidates: environment.candidates(for: program), arguments: app.exec.map { Array($0.utf8) },
      environment: environment.entries)
    try check(process, of: name)
    return process
  }

  /// A NUL would cut an argument short where the kernel reads it.
  private func check(_ process: LaunchPlan.Process, of app: String) throws(StageError) {
    for value in process.arguments + process.environment + [process.workingDirectory] where value.contains(0)
    {
      throw StageError(
        .invalidPod, "starting app", app, detail: "\(printable(value)) contains a NUL byte")
    }
    guard process.workingDirectory.first == UInt8(ascii: "/") else {
      throw StageError(
        .invalidPod, "starting app", app,
        detail: "its working directory \(printable(process.workingDirectory)) is not absolute")
    }
  }
}
