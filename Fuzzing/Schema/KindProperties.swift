import AppcSchema
import FuzzSupport

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
    checkNameAlone()
  }

  /// Another name changes the bytes of the name, and no others in a document of today.
  private func checkNameAlone() {
    let before = serialized(.preserving)
    guard upgraded().serialized(.preserving) == before else { return }
    var renamed = self
    renamed.name = "fuzzed.example/name"
    let after = renamed.serialized(.preserving)
    let start = zip(before, after).prefix { $0 == $1 }.count
    let rest = (before.dropFirst(start).reversed(), after.dropFirst(start).reversed())
    let end = zip(rest.0, rest.1).prefix { $0 == $1 }.count
    // An old name may be written with six bytes for each of its own.
    hold(
      after.count - start - end <= renamed.name.text.utf8.count
        && before.count - start - end <= name.text.utf8.count * 6,
      "another name changes nothing else: \(String(decoding: after, as: UTF8.self))")
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
