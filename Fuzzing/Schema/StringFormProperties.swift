import AppcSchema
import FuzzSupport

/// A command-line form comes back from its description, which is safe to print and describes itself.
@discardableResult
private func checkForm<Value: Hashable & CustomStringConvertible>(
  _ text: String, _ read: (String) throws(SchemaError) -> Value
) -> Value? {
  guard let value = accepted({ () throws(SchemaError) in try read(text) }) else { return nil }
  let description = value.description
  holdMessage(description)
  guard let again = accepted({ () throws(SchemaError) in try read(description) }) else {
    hold(false, "a description can be read: \(description.debugDescription)")
    return nil
  }
  holdEqual(again, value, "a description reads as what it describes")
  hold(again.description.hasSameBytes(as: description), "a description describes itself: \(description)")
  return value
}

func checkVolume(_ text: String) {
  let volume = checkForm(text) { text throws(SchemaError) in try Volume(parsing: text) }
  guard let volume else { return }
  hold(volume.problem == nil, "a volume of a command line is one that can be used")
  holdAccepted(PodManifest(volumes: [volume]), "a volume of a command line may stand in a pod")
}

func checkMountPoint(_ text: String) {
  let list = accepted { () throws(SchemaError) in try MountPoint.list(parsing: text) }
  let points = list ?? []
  if Set(points.map(\.name)).count == points.count {
    holdAccepted(ImageManifest(name: "a", app: App(mountPoints: points)), "mount points may stand in an app")
  }
  let point = checkForm(text) { text throws(SchemaError) in try MountPoint(parsing: text) }
  if let point, let list, list.count == 1 { holdEqual(list[0], point, "a list of one has that one") }
}

func checkPort(_ text: String) {
  let ports = accepted { () throws(SchemaError) in try Port.list(parsing: text) } ?? []
  for port in ports {
    hold(Int(port.port) + Int(port.count) - 1 <= 65535 && port.port > 0 && port.count > 0, "ports are ports")
  }
  if Set(ports.map(\.name)).count == ports.count {
    holdAccepted(ImageManifest(name: "a", app: App(ports: ports)), "ports may stand in an app")
  }
  checkForm(text) { text throws(SchemaError) in try Port(parsing: text) }
}

func checkMount(_ text: String) {
  let mount = checkForm(text) { text throws(SchemaError) in try Mount(parsing: text) }
  guard let mount else { return }
  let app = RuntimeApp(name: "a", image: RuntimeImage(), mounts: [mount])
  holdAccepted(PodManifest(apps: [app]), "a mount may stand in a pod")
}

func checkExposedPort(_ text: String) {
  let port = checkForm(text) { text throws(SchemaError) in try ExposedPort(parsing: text) }
  if let port { holdAccepted(PodManifest(ports: [port]), "an exposed port may stand in a pod") }
}

func checkImageReference(_ text: String) {
  let reference = checkForm(text) { text throws(SchemaError) in try ImageReference(text) }
  guard case .name(let name, let labels)? = reference else { return }
  let app = RuntimeApp(name: "a", image: RuntimeImage(name: name, labels: labels))
  // Whether a platform is known is asked of images, not of who looks for one.
  if labels.platformProblem == nil {
    holdAccepted(PodManifest(apps: [app]), "what is asked for may stand in a pod")
  }
}

/// Commands: the words, and the handlers that run them.
func checkCommand(_ text: String) {
  if let words = accepted({ () throws(SchemaError) in try App.exec(parsing: text) }) {
    let written = App.text(ofExec: words)
    holdMessage(written)
    hold((try? App.exec(parsing: written))?.hasSameBytes(as: words) == true, "words come back: \(written)")
  }
  let handler = checkForm(text) { text throws(SchemaError) in try EventHandler(parsing: text) }
  guard let handler else { return }
  let app = App(eventHandlers: [handler])
  holdAccepted(ImageManifest(name: "a", app: app), "a handler may stand in an app")
}

/// Everything that is written `name=value`.
func checkNameAndValue(_ text: String) {
  let label = checkForm(text) { text throws(SchemaError) in try Label(parsing: text) }
  if let label, let labels = try? Labels([label]), labels.platformProblem == nil {
    holdAccepted(ImageManifest(name: "a", labels: labels), "a label may stand in an image")
  }
  let annotation = checkForm(text) { text throws(SchemaError) in try Annotation(parsing: text) }
  if let annotation, let annotations = try? Annotations([annotation]) {
    holdAccepted(PodManifest(annotations: annotations), "an annotation may stand in a pod")
  }
  let variable = checkForm(text) { text throws(SchemaError) in try Environment.Variable(parsing: text) }
  if let variable, let environment = try? Environment([variable]) {
    let app = App(environment: environment)
    holdAccepted(ImageManifest(name: "a", app: app), "a variable may stand in an app")
  }
  let user = checkForm(text) { text throws(SchemaError) in try UserText(parsing: text) }
  if let user { holdAccepted(PodManifest(userLabels: [user]), "a user's text may stand in a pod") }
}

/// Isolators, alone and in a list.
func checkIsolatorForm(_ text: String) {
  checkForm(text) { text throws(SchemaError) in try Isolator(parsing: text) }
  guard let isolators = accepted({ () throws(SchemaError) in try Isolator.list(parsing: text) }) else {
    return
  }
  for isolator in isolators { hold(isolator.content != nil, "an isolator follows its rules: \(isolator)") }
  let written = Isolator.text(of: isolators)
  let again = accepted { () throws(SchemaError) in try Isolator.list(parsing: written) }
  guard let again else { return hold(false, "isolators can be read: \(written)") }
  holdEqual(again, isolators, "isolators come back")
}

/// What is made of accepted parts is accepted.
private func holdAccepted<Value: FuzzedManifest>(_ manifest: Value, _ property: String) {
  let again = accepted { () throws(SchemaError) in
    try Value.read(manifest.serialized(.compact), mode: .tolerant, limits: .default).value
  }
  guard let again else { return hold(false, "\(property): \(manifest)") }
  holdEqual(again, manifest, property)
}
