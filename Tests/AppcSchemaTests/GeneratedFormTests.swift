import Testing

@testable import AppcSchema

@Suite("Command-line forms of any content")
struct GeneratedFormTests {
  @Test("the form of a part of an app reads as that part", arguments: Round.all)
  func app(_ round: Round) throws {
    var generator = round.generator
    let app = try generator.app()
    try expectForms(app.ports, Port.init(parsing:))
    try expectForms(app.mountPoints, MountPoint.init(parsing:))
    try expectForms(app.eventHandlers, EventHandler.init(parsing:))
    try expectForms(app.environment, Environment.Variable.init(parsing:))
    try expectForms(app.isolators, Isolator.init(parsing:))
    #expect(try Isolator.list(parsing: Isolator.text(of: app.isolators)) == app.isolators)
    if !app.exec.isEmpty {
      #expect(try App.exec(parsing: App.text(ofExec: app.exec)).hasSameBytes(as: app.exec))
    }
  }

  @Test("the form of a part of a manifest reads as that part", arguments: Round.all)
  func manifests(_ round: Round) throws {
    var generator = round.generator
    let pod = try generator.podManifest()
    try expectForms(pod.volumes, Volume.init(parsing:))
    try expectForms(pod.ports, ExposedPort.init(parsing:))
    try expectForms(pod.apps.flatMap(\.mounts), Mount.init(parsing:))
    try expectForms(pod.annotations, Annotation.init(parsing:))
    try expectForms(pod.userLabels, UserText.init(parsing:))
    try expectForms(generator.labels(), Label.init(parsing:))
    let reference = ImageReference.name(try generator.identifier(), try generator.labels())
    try expectForms([reference], ImageReference.init(_:))
  }

  @Test("every description is one line, and JSON where there is no shorter form", arguments: Round.all)
  func descriptions(_ round: Round) throws {
    var generator = round.generator
    let image = try generator.imageManifest()
    let pod = try generator.podManifest()
    #expect(try ImageManifest(json: JSONValue.parse(image.description), mode: .strict) == image)
    #expect(try PodManifest(json: JSONValue.parse(pod.description), mode: .strict) == pod)
    for text in [image.description, pod.description] {
      #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }

  private func expectForms<Value: Equatable & CustomStringConvertible>(
    _ values: some Sequence<Value>, _ read: (String) throws -> Value
  ) rethrows {
    for value in values {
      #expect(try read(value.description) == value, "\(value.description)")
    }
  }
}
