import AppcSchema

/// Makes a pod manifest of a request and the images' manifests: pure, and reified in the sense of L15.
struct PodAssembly {
  /// An image that an app runs, as the store knows it.
  struct Image {
    let id: ImageID
    let manifest: ImageManifest
  }

  let request: RunRequest
  /// One for each app of the request, in order.
  let images: [Image]
  /// The operating system and architecture that images must be for.
  let platform: (os: String, arch: String)?

  private(set) var warnings: [String] = []

  init(request: RunRequest, images: [Image], platform: (os: String, arch: String)? = Platform.current) {
    self.request = request
    self.images = images
    self.platform = platform
  }

  mutating func podManifest() throws(EngineError) -> PodManifest {
    var apps: [RuntimeApp] = []
    for (requested, image) in zip(request.apps, images) {
      let app = try runtimeApp(requested, image)
      guard !apps.contains(where: { $0.name == app.name }) else {
        throw EngineError(
          .invalidRequest, "assembling", "the pod",
          detail: "two apps are called \(app.name); give one of them another name with --name after its image"
        )
      }
      apps.append(app)
    }
    var volumes = try checkedVolumes()
    for source in request.bindSources { volumes.append(try boundVolume(source, volumes, apps)) }
    return PodManifest(apps: apps, volumes: volumes + implicitVolumes(apps, beside: volumes))
  }

  // MARK: Apps

  private mutating func runtimeApp(
    _ requested: RunRequest.App, _ image: Image
  ) throws(EngineError) -> RuntimeApp {
    try checkPlatform(image)
    let name: ACName
    if let chosen = requested.name { name = chosen } else { name = try defaultName(image.manifest.name) }
    let app = try app(requested, image, name)
    let identity = RuntimeImage(id: image.id, name: image.manifest.name, labels: image.manifest.labels)
    return RuntimeApp(
      name: name, image: identity, app: app,
      readOnlyRootFS: requested.readOnlyRootFS, mounts: mounts(requested), annotations: requested.annotations)
  }

  /// The last part of the image's name, as rkt names apps.
  private func defaultName(_ name: ACIdentifier) throws(EngineError) -> ACName {
    let last = name.description.utf8.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
    do {
      return try ACName.sanitized(String(decoding: last, as: UTF8.self))
    } catch {
      throw EngineError(
        .invalidRequest, "naming an app after image", name.description,
        detail: "nothing of it makes an app name; give one with --name after the image")
    }
  }

  private func checkPlatform(_ image: Image) throws(EngineError) {
    guard let platform else { return }
    let (os, arch) = (image.manifest.labels["os"], image.manifest.labels["arch"])
    guard os == nil || os == platform.os, arch == nil || arch == platform.arch else {
      throw EngineError(
        .invalidRequest, "running image", "\(image.manifest.name)",
        detail:
          "it is for \(os ?? "any")/\(arch ?? "any"), and this machine is \(platform.os)/\(platform.arch)")
    }
  }

  private mutating func app(
    _ requested: RunRequest.App, _ image: Image, _ name: ACName
  ) throws(EngineError) -> App {
    guard var app = image.manifest.app ?? (requested.exec == nil ? nil : App()) else {
      throw EngineError(
        .invalidRequest, "running image", "\(image.manifest.name)",
        detail: "it has no app; say what to run with --exec after the image")
    }
    if let exec = requested.exec { app.exec = [exec] }
    app.exec += requested.arguments
    if let user = requested.user { app.user = user }
    if let group = requested.group { app.group = group }
    if let groups = requested.supplementaryGIDs { app.supplementaryGIDs = groups }
    if let directory = requested.workingDirectory { app.workingDirectory = directory }
    for isolator in requested.isolators {
      app.isolators.removeAll { $0.name == isolator.name || Self.excludeEachOther($0, isolator) }
    }
    app.isolators += requested.isolators
    app.environment = try environment(app.environment, requested)
    keepOwnDevices(&app, requested, name)
    for handler in app.eventHandlers {
      warnings.append("app \(name): its \(handler.name.rawValue) handler is not run by this version")
    }
    return app
  }

  /// Leaves a mount point at `/dev` that nothing is given for to the pod's own devices.
  ///
  /// An empty volume there would take even `/dev/null` from the app.
  private mutating func keepOwnDevices(_ app: inout App, _ requested: RunRequest.App, _ name: ACName) {
    let mounted = request.mounts + requested.mounts
    guard request.bindSources.isEmpty, !mounted.contains(where: { $0.path.utf8.elementsEqual("/dev".utf8) })
    else { return }
    for point in app.mountPoints where point.path.utf8.elementsEqual("/dev".utf8) {
      guard !request.volumes.contains(where: { $0.name == point.name }) else { continue }
      app.mountPoints.removeAll { $0 == point }
      warnings.append(
        "app \(name): no volume is given for its mount point \(point.name); the pod's own /dev is used")
    }
  }

  /// Both kinds of capability sets say the whole of what is kept, so either takes the place of the other.
  private static func excludeEachOther(_ left: Isolator, _ right: Isolator) -> Bool {
    func isCapabilitySet(_ isolator: Isolator) -> Bool {
      switch isolator.content {
      case .capabilitiesRetainSet, .capabilitiesRemoveSet: true
      default: false
      }
    }
    return isCapabilitySet(left) && isCapabilitySet(right)
  }

  /// From weak to strong: the caller's, the image's, the pod's, the app's.
  private func environment(
    _ own: Environment, _ requested: RunRequest.App
  ) throws(EngineError) -> Environment {
    var merged = Environment()
    do {
      for list in [request.inheritedEnvironment, Array(own), request.environment, requested.environment] {
        for variable in list { try merged.set(variable.name, to: variable.value) }
      }
    } catch {
      throw EngineError(.invalidRequest, error)
    }
    return merged
  }

  /// The app's own mounts, then those of every app at other paths.
  private func mounts(_ requested: RunRequest.App) -> [Mount] {
    let others = request.mounts.filter { mount in
      !requested.mounts.contains { $0.path.utf8.elementsEqual(mount.path.utf8) }
    }
    return requested.mounts + others
  }

  // MARK: Volumes

  private func checkedVolumes() throws(EngineError) -> [Volume] {
    var names: Set<ACName> = []
    for volume in request.volumes {
      guard names.insert(volume.name).inserted else {
        throw EngineError(
          .invalidRequest, "assembling", "the pod", detail: "two volumes are called \(volume.name)")
      }
      if let problem = volume.problem {
        throw EngineError(.invalidRequest, "using volume", "\(volume.name)", detail: problem)
      }
    }
    return request.volumes
  }

  /// The volume that Rocket's `bind:/path` means: one for the mount point called `bind`, or for the only one left.
  private func boundVolume(
    _ source: String, _ volumes: [Volume], _ apps: [RuntimeApp]
  ) throws(EngineError) -> Volume {
    let open = unfilledPoints(apps, beside: volumes)
    guard let name = open.first(where: { $0.description == "bind" }) ?? (open.count == 1 ? open[0] : nil)
    else {
      throw EngineError(
        .invalidRequest, "using volume", "bind:\(printable(source.utf8))",
        detail:
          "the images leave \(open.count) mount points open; name one: --volume NAME,kind=host,source=PATH")
    }
    return .host(name: name, source: source)
  }

  private func unfilledPoints(_ apps: [RuntimeApp], beside volumes: [Volume]) -> [ACName] {
    var known = Set(volumes.map(\.name))
    var open: [ACName] = []
    for app in apps {
      for point in app.app?.mountPoints ?? [] {
        let isMounted = app.mounts.contains { $0.path.utf8.elementsEqual(point.path.utf8) }
        if !isMounted, known.insert(point.name).inserted { open.append(point.name) }
      }
    }
    return open
  }

  /// An empty volume for each mount point that nothing was given for, as rkt makes one.
  private mutating func implicitVolumes(_ apps: [RuntimeApp], beside volumes: [Volume]) -> [Volume] {
    unfilledPoints(apps, beside: volumes).map { name in
      warnings.append("no volume is given for the mount point \(name); an empty one is used")
      return .empty(name: name)
    }
  }
}
