import AppcSchema

extension ImageManifest {
  static var headerKind: ACKind { .imageManifest }

  static func checkLastDitch(_ bytes: [UInt8], _ manifest: ImageManifest?) {
    let last = accepted { () throws(SchemaError) in try LastDitchImageManifest.read(bytes) }
    guard let last else { return hold(manifest == nil, "what is accepted is accepted by the last reader") }
    let again = accepted { () throws(SchemaError) in try LastDitchImageManifest.read(last.json.serialized()) }
    hold(again == last, "what the last reader read is written as the same: \(last.json)")
    guard let manifest else { return }
    hold(last.name.hasSameBytes(as: manifest.name.text), "both readers read the same name: \(last.name)")
    hold(last.labels.map(\.name) == manifest.labels.map(\.name.text), "both readers read the same labels")
  }

  func checkAlone() {
    holdMessage(labels.description)
  }
}

extension PodManifest {
  static var headerKind: ACKind { .podManifest }

  static func checkLastDitch(_ bytes: [UInt8], _ manifest: PodManifest?) {
    let last = accepted { () throws(SchemaError) in try LastDitchPodManifest.read(bytes) }
    guard let last else { return hold(manifest == nil, "what is accepted is accepted by the last reader") }
    let again = accepted { () throws(SchemaError) in try LastDitchPodManifest.read(last.json.serialized()) }
    hold(again == last, "what the last reader read is written as the same: \(last.json)")
    guard let manifest else { return }
    hold(last.apps.count == manifest.apps.count, "both readers find the same apps")
  }

  /// Whether it could be run, without an image at hand and with each app's own as the image's.
  func checkAlone() {
    for problem in reificationProblems(image: { _ in nil }) { holdMessage(problem.description) }
    let image = { (app: RuntimeApp) in ImageManifest(name: "a", app: app.app ?? App()) }
    for problem in reificationProblems(image: image) { holdMessage(problem.description) }
    let resolved = resolvingMountPoints(image: image)
    let written = resolved.serialized(.preserving)
    let again = accepted { () throws(SchemaError) in try PodManifest.read(written).value }
    hold(again?.apps == resolved.apps, "what is resolved is written so: \(resolved.json)")
    hold(uuid == resolved.uuid, "who resolves a pod's mount points leaves its UUID")
  }
}
