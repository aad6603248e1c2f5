import AppcSchema
import SystemPackage

/// The control groups of one pod: which directories there are, and what their files hold.
///
/// The pod's node carries the pod's limits and device rules. In v2 its leaves are `init` and `app-<name>`, for a
/// node with processes may have no children there; in v1 pid 1 is in the node itself, and an app has a leaf
/// in a controller only when it has a limit of its own.
struct CgroupPlan: Hashable, Sendable {
  struct Node: Hashable, Sendable {
    var path: FilePath
    var files: [FileValue] = []
  }

  /// A file and what is written to it, one write for each value.
  struct FileValue: Hashable, Sendable {
    var name: String
    var values: [String]

    init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }

    init(name: String, value: String) { self.init(name: name, values: [value]) }
  }

  /// The directory, under each hierarchy's root, that holds all pods.
  static let parent = "appc"

  /// In the order in which they are made.
  private(set) var nodes: [Node] = []
  /// The v2 node of the pod.
  private(set) var unified: FilePath?
  /// The pod's node in each v1 hierarchy used.
  private(set) var version1: [String: FilePath] = [:]
  /// v1 leaves of apps with limits of their own.
  private(set) var appLeaves: [String: [String: FilePath]] = [:]
  /// Controllers that v2 must hand down for the limits asked for.
  private(set) var delegated: [String] = []
  /// Whether device rules are enforced by a v2 program rather than a v1 controller.
  private(set) var usesDeviceProgram = false
  /// Limits that no hierarchy here can enforce.
  private(set) var warnings: [String] = []

  init(
    uuid: PodUUID, hierarchies: CgroupHierarchies, apps: [String], podLimits: ResourceLimits,
    appLimits: [String: ResourceLimits], devices: DeviceRules?
  ) {
    let needed = Set(podLimits.controllers + appLimits.values.flatMap(\.controllers))
    planVersion1(uuid, hierarchies, needed, podLimits, appLimits, devices)
    planUnified(uuid, hierarchies, needed, apps, podLimits, appLimits, devices)
    for controller in needed.sorted()
    where hierarchies.controllers[controller] == nil && hierarchies.unified == nil {
      warnings.append("no \(controller) controller is mounted: that limit is not enforced")
    }
  }

  private mutating func planVersion1(
    _ uuid: PodUUID, _ hierarchies: CgroupHierarchies, _ needed: Set<String>, _ podLimits: ResourceLimits,
    _ appLimits: [String: ResourceLimits], _ devices: DeviceRules?
  ) {
    if let devices, let root = hierarchies.controllers["devices"] {
      let path = root.appending(Self.parent).appending(uuid.description)
      let deny = FileValue(name: "devices.deny", value: "a")
      let allow = FileValue(name: "devices.allow", values: devices.allowLines)
      nodes.append(Node(path: path, files: [deny, allow]))
      version1["devices"] = path
    }
    for controller in needed.sorted() {
      guard let root = hierarchies.controllers[controller] else { continue }
      let path = root.appending(Self.parent).appending(uuid.description)
      nodes.append(Node(path: path, files: podLimits.version1Files(of: controller)))
      version1[controller] = path
      for (app, limits) in appLimits.sorted(by: { $0.key < $1.key }) {
        let files = limits.version1Files(of: controller)
        guard !files.isEmpty else { continue }
        let leaf = path.appending("app-" + app)
        nodes.append(Node(path: leaf, files: files))
        appLeaves[app, default: [:]][controller] = leaf
      }
    }
  }

  private mutating func planUnified(
    _ uuid: PodUUID, _ hierarchies: CgroupHierarchies, _ needed: Set<String>, _ apps: [String],
    _ podLimits: ResourceLimits, _ appLimits: [String: ResourceLimits], _ devices: DeviceRules?
  ) {
    guard let root = hierarchies.unified else { return }
    let path = root.appending(Self.parent).appending(uuid.description)
    delegated = needed.filter { hierarchies.controllers[$0] == nil }.sorted()
    unified = path
    nodes.append(Node(path: path, files: files(of: podLimits)))
    nodes.append(Node(path: path.appending("init")))
    for app in apps {
      nodes.append(
        Node(path: path.appending("app-" + app), files: appLimits[app].map { files(of: $0) } ?? []))
    }
    usesDeviceProgram = devices != nil && hierarchies.controllers["devices"] == nil
  }

  private func files(of limits: ResourceLimits) -> [FileValue] {
    delegated.flatMap { limits.version2Files(of: $0) }
  }
}
