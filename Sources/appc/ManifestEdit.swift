import AppcSchema

/// One change to an image manifest.
enum ManifestEdit: Sendable {
  case name(ACIdentifier)
  /// Sets the label in its place, or appends it.
  case label(Label)
  case removeLabel(ACIdentifier)
  /// Sets the annotation in its place, or appends it.
  case annotation(Annotation)
  case removeAnnotation(ACIdentifier)
  /// Takes the place of the dependency on the image of this name, or comes last.
  case dependency(Dependency)
  case removeDependency(ACIdentifier)
  case clearWhitelist
  /// Appends the paths that are not there yet.
  case whitelist([String])
  case app(AppEdit)
}

/// One change to what an image runs.
///
/// What has a name takes the place of what has it already, and else comes last.
enum AppEdit: Sendable {
  case exec([String])
  case user(String)
  case group(String)
  case supplementaryGIDs([UInt32])
  case variable(Environment.Variable)
  case removeVariable(String)
  /// Empty stands for none.
  case workingDirectory(String)
  case handler(EventHandler)
  case removeHandler(EventHandler.Event)
  case mountPoint(MountPoint)
  case removeMountPoint(ACName)
  case port(Port)
  case removePort(ACName)
  /// Takes the place of all isolators of its name and of the names given.
  case isolator(Isolator, insteadOf: [ACIdentifier])
  case removeIsolator(ACIdentifier)
  case userAnnotation(UserText)
  case removeUserAnnotation(String)
  case userLabel(UserText)
  case removeUserLabel(String)
}

extension ManifestEdit {
  /// The keys of the manifest's member that it changes.
  var place: [String] {
    switch self {
    case .name: ["name"]
    case .label, .removeLabel: ["labels"]
    case .annotation, .removeAnnotation: ["annotations"]
    case .dependency, .removeDependency: ["dependencies"]
    case .clearWhitelist, .whitelist: ["pathWhitelist"]
    case .app(let edit): ["app", edit.key]
    }
  }

  /// What it sets, where there may be several of the kind: one command sets each of them once.
  var target: String? {
    switch self {
    case .label(let label): "label \(label.name)"
    case .annotation(let annotation): "annotation \(annotation.name)"
    case .dependency(let dependency): "dependency \(dependency.imageName)"
    case .app(let edit): edit.target
    default: nil
    }
  }
}

extension AppEdit {
  /// The key of the app's member that it changes.
  fileprivate var key: String {
    switch self {
    case .exec: "exec"
    case .user: "user"
    case .group: "group"
    case .supplementaryGIDs: "supplementaryGIDs"
    case .variable, .removeVariable: "environment"
    case .workingDirectory: "workingDirectory"
    case .handler, .removeHandler: "eventHandlers"
    case .mountPoint, .removeMountPoint: "mountPoints"
    case .port, .removePort: "ports"
    case .isolator, .removeIsolator: "isolators"
    case .userAnnotation, .removeUserAnnotation: "userAnnotations"
    case .userLabel, .removeUserLabel: "userLabels"
    }
  }

  fileprivate var target: String? {
    switch self {
    case .variable(let variable): "environment variable \(variable.name)"
    case .mountPoint(let point): "mount point \(point.name)"
    case .port(let port): "port \(port.name)"
    case .isolator(let isolator, _): "isolator \(isolator.name)"
    case .userAnnotation(let text): "user annotation \(printable(text.key.utf8))"
    case .userLabel(let text): "user label \(printable(text.key.utf8))"
    default: nil
    }
  }
}
