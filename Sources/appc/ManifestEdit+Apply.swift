import AppcSchema

extension ManifestEdit {
  /// Makes the change; an edit of the app needs one.
  ///
  /// Throws a `CommandError` when there is nothing to remove, or several things that could be replaced.
  func apply(to manifest: inout ImageManifest) throws {
    switch self {
    case .name(let name): manifest.name = name
    case .label(let label): manifest.labels[label.name] = label.value
    case .removeLabel(let name):
      try Self.check(manifest.labels[name] != nil, "label", name.text)
      manifest.labels[name] = nil
    case .annotation(let annotation): manifest.annotations[annotation.name] = annotation.value
    case .removeAnnotation(let name):
      try Self.check(manifest.annotations[name] != nil, "annotation", name.text)
      manifest.annotations[name] = nil
    case .dependency(let dependency):
      // Which of several was meant cannot be told, and the order of dependencies counts.
      guard manifest.dependencies.filter({ $0.imageName == dependency.imageName }).count < 2 else {
        throw CommandError("there are several dependencies on \(dependency.imageName): remove them first")
      }
      manifest.dependencies.put(dependency) { $0.imageName == dependency.imageName }
    case .removeDependency(let name):
      try manifest.dependencies.remove("dependency", name.text) { $0.imageName == name }
    case .clearWhitelist: manifest.pathWhitelist = []
    case .whitelist(let paths):
      var known = Set(manifest.pathWhitelist.map { Array($0.utf8) })
      manifest.pathWhitelist += paths.filter { known.insert(Array($0.utf8)).inserted }
    case .app(let edit):
      guard var app = manifest.app else { return }
      try edit.apply(to: &app)
      manifest.app = app
    }
  }

  fileprivate static func check(_ isThere: Bool, _ kind: String, _ name: String) throws {
    guard isThere else { throw CommandError("there is no \(kind) \(printable(name.utf8))") }
  }
}

extension AppEdit {
  fileprivate func apply(to app: inout App) throws {
    switch self {
    case .exec(let words): app.exec = words
    case .user(let user): app.user = user
    case .group(let group): app.group = group
    case .supplementaryGIDs(let groups): app.supplementaryGIDs = groups
    case .variable(let variable): try app.environment.set(variable.name, to: variable.value)
    case .removeVariable(let name):
      try ManifestEdit.check(app.environment[name] != nil, "environment variable", name)
      try app.environment.set(name, to: nil)
    case .workingDirectory(let path): app.workingDirectory = path.isEmpty ? nil : path
    case .handler(let handler): app.eventHandlers.put(handler) { $0.name == handler.name }
    case .removeHandler(let event):
      try app.eventHandlers.remove("event handler", event.rawValue) { $0.name == event }
    case .mountPoint(let point): app.mountPoints.put(point) { $0.name == point.name }
    case .removeMountPoint(let name): try app.mountPoints.remove("mount point", name.text) { $0.name == name }
    case .port(let port): app.ports.put(port) { $0.name == port.name }
    case .removePort(let name): try app.ports.remove("port", name.text) { $0.name == name }
    case .isolator(let isolator, let others):
      app.isolators.put(isolator) { $0.name == isolator.name || others.contains($0.name) }
    case .removeIsolator(let name): try app.isolators.remove("isolator", name.text) { $0.name == name }
    case .userAnnotation(let text): app.userAnnotations.put(text) { $0.key.hasSameBytes(as: text.key) }
    case .removeUserAnnotation(let key):
      try app.userAnnotations.remove("user annotation", key) { $0.key.hasSameBytes(as: key) }
    case .userLabel(let text): app.userLabels.put(text) { $0.key.hasSameBytes(as: text.key) }
    case .removeUserLabel(let key):
      try app.userLabels.remove("user label", key) { $0.key.hasSameBytes(as: key) }
    }
  }
}

extension Array where Element: Equatable {
  /// Puts an element in the place of the first that is like it, and takes the others out; at the end when there is
  /// none.
  ///
  /// What says the same already stays as it is, with all that a document had beside.
  fileprivate mutating func put(_ element: Element, insteadOf isAlike: (Element) -> Bool) {
    let first = firstIndex(where: isAlike) ?? endIndex
    let alike = filter(isAlike)
    if alike.count == 1, alike[0] == element { return }
    removeAll(where: isAlike)
    insert(element, at: first)
  }

  fileprivate mutating func remove(
    _ kind: String, _ name: String, where isMeant: (Element) -> Bool
  ) throws {
    try ManifestEdit.check(contains(where: isMeant), kind, name)
    removeAll(where: isMeant)
  }
}
