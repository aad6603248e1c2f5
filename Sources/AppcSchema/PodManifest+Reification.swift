extension PodManifest {
  /// What keeps the pod from being run as it stands: every problem at once (L15).
  ///
  /// A pod manifest may be a template. To run it, every app needs an image ID (L4) and something to execute,
  /// every mount point of an app a volume (K1), every mount a volume and a path of its own (K2, K6), every
  /// exposed port the one port of the pod that has its name (L13), and no app may ask for more than the pod
  /// has (J1).
  ///
  /// `image` gives the manifest of an app's image, nil if it is not at hand: then the app's own `app` is all
  /// that is looked at. Errors come as diagnostics of severity `error`; what would work but is hardly meant,
  /// as warnings. None means that the pod is reified.
  public func reificationProblems(image: (RuntimeApp) -> ImageManifest?) -> [Diagnostic] {
    var check = ReificationCheck(pod: self)
    for (index, app) in apps.enumerated() { check.check(app, at: index, image: image(app)) }
    check.checkPod()
    return check.problems
  }

  /// The manifest with a path in place of each mount point that a document of version 0.6.1 or earlier names:
  /// that of the mount point in the image's app.
  ///
  /// A mount point that the image does not have stays; `reificationProblems` reports it.
  public func resolvingMountPoints(image: (RuntimeApp) -> ImageManifest?) -> PodManifest {
    var manifest = self
    for index in apps.indices where apps[index].mounts.contains(where: { $0.mountPoint != nil }) {
      guard let points = (apps[index].app ?? image(apps[index])?.app)?.mountPoints else { continue }
      let paths = MountPointPaths(points)
      manifest.apps[index].mounts = apps[index].mounts.map { $0.resolved(paths) }
    }
    return manifest
  }
}

extension Mount {
  fileprivate func resolved(_ paths: MountPointPaths) -> Mount {
    guard let mountPoint, let path = paths.path(of: mountPoint) else { return self }
    var mount = self
    mount.path = path
    mount.mountPoint = nil
    return mount
  }
}

/// Collects what keeps a pod from being run.
private struct ReificationCheck {
  let pod: PodManifest
  /// The names of the pod's volumes.
  private let volumes: Set<ACName>
  /// The least limit that the pod sets for each resource.
  private let bounds: [ACIdentifier: Quantity]
  private(set) var problems: [Diagnostic] = []
  /// The ports of all apps, by name.
  private var ports: [ByteKey: [Port]] = [:]
  /// What all apps together ask for, and what they do not exceed.
  private var sums: [ACIdentifier: (requests: Quantity, limits: Quantity)] = [:]

  init(pod: PodManifest) {
    self.pod = pod
    volumes = Set(pod.volumes.map(\.name))
    bounds = Dictionary(
      pod.isolators.compactMap { isolator in
        (isolator.content?.range?.limit).map { (isolator.name, $0) }
      }, uniquingKeysWith: min)
  }

  private mutating func report(
    _ severity: Diagnostic.Severity, _ rule: String, _ path: [JSONPath.Component], _ message: String
  ) {
    problems.append(
      Diagnostic(severity, path: JSONPath(components: path), rule: rule, message: message))
  }

  mutating func check(_ app: RuntimeApp, at index: Int, image: ImageManifest?) {
    let path: [JSONPath.Component] = [.key("apps"), .index(index)]
    if app.image.id == nil {
      report(.error, "L4", path + [.key("image")], "the app \"\(app.name)\" has no image ID")
    }
    let targets = checkMounts(of: app, path)
    guard let effective = app.app ?? image?.app else {
      let isKnown = image != nil
      report(
        isKnown ? .error : .note, "L6", path,
        isKnown
          ? "neither the pod nor the image says what \"\(app.name)\" runs"
          : "the image of \"\(app.name)\" is not at hand, so what it needs is not checked")
      return
    }
    if effective.exec.isEmpty { report(.error, "E1", path, "\"\(app.name)\" has nothing to execute") }
    checkMountPoints(of: effective, app, targets, path)
    checkIsolators(effective.isolators, of: app, path)
    for port in effective.ports { ports[ByteKey(port.name.text), default: []].append(port) }
  }

  // MARK: Volumes

  /// No system call takes a longer path, and a longer one is not worth comparing.
  private static let longestPath = 4095

  /// Checks the mounts of an app, and returns where they go.
  private mutating func checkMounts(of app: RuntimeApp, _ path: [JSONPath.Component]) -> MountTargets {
    var targets = MountTargets()
    for (index, mount) in app.mounts.enumerated() {
      let place = path + [.key("mounts"), .index(index)]
      if mount.appVolume == nil, !volumes.contains(mount.volume) {
        report(.error, "K6", place, "there is no volume \"\(mount.volume)\"")
      }
      if let name = mount.mountPoint {
        report(
          .error, "K6", place,
          "the mount point \(quoted(name)) has no path; the image has no such mount point")
        continue
      }
      guard mount.path.utf8.count <= Self.longestPath else {
        report(.error, "K6", place, "\(quoted(mount.path)) is longer than \(Self.longestPath) bytes")
        continue
      }
      switch targets.insert(mount.path) {
      case .apart: break
      case .same(let other):
        report(
          .error, "K2", place, "\(quoted(mount.path)) is the target of another mount, \(quoted(other))")
      case .overlapping(let other):
        report(.warning, "K2", place, "the targets \(quoted(mount.path)) and \(quoted(other)) overlap")
      }
    }
    return targets
  }

  /// A mount point is satisfied by a mount at its path, or by a volume of its name.
  private mutating func checkMountPoints(
    of effective: App, _ app: RuntimeApp, _ targets: MountTargets, _ path: [JSONPath.Component]
  ) {
    for point in effective.mountPoints
    where !volumes.contains(point.name) && !targets.contains(point.path) {
      report(
        .error, "K1", path,
        "the mount point \"\(point.name)\" (\(quoted(point.path))) of \"\(app.name)\" has no volume")
    }
  }

  // MARK: Isolators

  private mutating func checkIsolators(
    _ isolators: [Isolator], of app: RuntimeApp, _ path: [JSONPath.Component]
  ) {
    for isolator in isolators {
      guard let range = isolator.content?.range else {
        if isolator.name == Isolator.Content.sysctlName {
          report(.error, "J18", path, "\(isolator.name) is for the pod as a whole, not for \"\(app.name)\"")
        }
        continue
      }
      sums[isolator.name, default: (Quantity(0), Quantity(0))].requests += range.request ?? Quantity(0)
      sums[isolator.name, default: (Quantity(0), Quantity(0))].limits += range.limit ?? Quantity(0)
      guard let bound = bounds[isolator.name],
        let most = [range.limit, range.request].compactMap(\.self).max(),
        most > bound
      else { continue }
      report(
        .error, "J1", path, "\(isolator.name) of \"\(app.name)\" is \(most), and the pod's limit \(bound)")
    }
  }

  // MARK: The pod

  mutating func checkPod() {
    if pod.apps.isEmpty { report(.error, "L2", [.key("apps")], "the pod has no apps") }
    for (name, sum) in sums.sorted(by: { $0.key < $1.key }) {
      guard let bound = bounds[name] else { continue }
      if sum.requests > bound {
        report(
          .error, "J1", [.key("isolators")],
          "the apps ask for \(sum.requests) of \(name), and the pod's limit is \(bound)")
      } else if sum.limits > bound {
        report(
          .warning, "J1", [.key("isolators")],
          "the apps may use \(sum.limits) of \(name) together, and the pod's limit is \(bound)")
      }
    }
    for (index, isolator) in pod.isolators.enumerated() where isolator.content?.isOfAppsOnly == true {
      report(
        .warning, "J1", [.key("isolators"), .index(index)], "\(isolator.name) is for apps, not for the pod")
    }
    for (index, port) in pod.ports.enumerated() { check(port, at: index) }
  }

  private mutating func check(_ port: ExposedPort, at index: Int) {
    let path: [JSONPath.Component] = [.key("ports"), .index(index)]
    let named = ports[ByteKey(port.name.text)] ?? []
    let count = Int((port.podPort ?? named.first)?.count ?? 1)
    if port.podPort == nil, named.count != 1 {
      report(
        .error, "L13", path,
        named.isEmpty ? "no app has a port \"\(port.name)\"" : "more than one app has a port \"\(port.name)\""
      )
    }
    if port.hostPort == 0 { report(.error, "L13", path, "the port of the host is 0") }
    if Int(port.hostPort) + count - 1 > 65535 {
      report(.error, "L13", path, "\(count) ports from \(port.hostPort) on end beyond 65535")
    }
  }
}

extension Isolator.Content {
  /// The amounts of a resource isolator, nil for others.
  fileprivate var range: Isolator.ResourceRange? {
    switch self {
    case .blockBandwidth(let range), .blockIOPS(let range), .cpu(let range), .memory(let range),
      .networkBandwidth(let range):
      range
    default: nil
    }
  }

  /// Whether the specification gives it the scope of an app alone (J4, J5, J8 to J12).
  fileprivate var isOfAppsOnly: Bool {
    switch self {
    case .seccompRemoveSet, .seccompRetainSet, .capabilitiesRemoveSet, .capabilitiesRetainSet,
      .noNewPrivileges, .oomScoreAdjustment, .cpuShares:
      true
    default: false
    }
  }
}
