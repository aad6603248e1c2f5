import Testing

@testable import AppcSchema

@Suite("Changing one thing in any document")
struct GeneratedEditTests {
  /// A value of a manifest, how to change it, and what then stands at its place.
  private struct Edit<Manifest> {
    var path: String
    var value: JSONValue
    var change: (inout Manifest) -> Void
  }

  @Test("a changed value of an image manifest changes its own bytes alone", arguments: Round.all)
  func image(_ round: Round) throws {
    var generator = round.generator
    let document = LaidOutDocument(try generator.imageManifest().json, &generator)
    let manifest = try ImageManifest.read(document.bytes, mode: .strict).value
    for edit in imageEdits(manifest, "changed\" \u{212A}").shuffled(using: &generator).prefix(4) {
      var edited = manifest
      edit.change(&edited)
      let written = edited.serialized()
      #expect(written == document.replacing(edit.path, with: edit.value), "\(edit.path)")
      #expect(try ImageManifest.read(written, mode: .strict).value == edited, "\(edit.path)")
    }
  }

  @Test("a changed value of a pod manifest changes its own bytes alone", arguments: Round.all)
  func pod(_ round: Round) throws {
    var generator = round.generator
    let document = LaidOutDocument(try generator.podManifest().json, &generator)
    let manifest = try PodManifest.read(document.bytes, mode: .strict).value
    for edit in podEdits(manifest, "/changed\\e\u{301}").shuffled(using: &generator).prefix(4) {
      var edited = manifest
      edit.change(&edited)
      let written = edited.serialized()
      #expect(written == document.replacing(edit.path, with: edit.value), "\(edit.path)")
      #expect(try PodManifest.read(written, mode: .strict).value == edited, "\(edit.path)")
    }
  }

  @Test("what is removed goes, and every other member keeps its bytes", arguments: Round.all)
  func removal(_ round: Round) throws {
    var generator = round.generator
    let document = LaidOutDocument(try generator.imageManifest().json, &generator)
    let manifest = try ImageManifest.read(document.bytes, mode: .strict).value
    var edited = manifest
    edited.labels = Labels()
    edited.app = nil
    let written = edited.serialized()
    #expect(try ImageManifest.read(written, mode: .strict).value == edited)
    for (path, range) in document.ranges where isTopLevel(path) && !["$.labels", "$.app"].contains(path) {
      #expect(written.contains(document.bytes[range]), "\(path)")
    }
  }

  @Test("what is put between elements leaves these as they are", arguments: Round.all)
  func insertion(_ round: Round) throws {
    var generator = round.generator
    let document = LaidOutDocument(try generator.imageManifest().json, &generator)
    var edited = try ImageManifest.read(document.bytes, mode: .strict).value
    let place = Int.random(in: 0...edited.dependencies.count, using: &generator)
    let new = Dependency(imageName: try generator.identifier(), imageID: try generator.imageID())
    edited.dependencies.insert(new, at: place)
    let written = edited.serialized()
    #expect(try ImageManifest.read(written, mode: .strict).value == edited)
    for (path, range) in document.ranges where path.hasPrefix("$.dependencies[") || isTopLevel(path) {
      if path != "$.dependencies" { #expect(written.contains(document.bytes[range]), "\(path)") }
    }
  }

  private func isTopLevel(_ path: String) -> Bool {
    path.hasPrefix("$.") && !path.dropFirst(2).contains { ".[".contains($0) }
  }

  private func imageEdits(_ manifest: ImageManifest, _ text: String) -> [Edit<ImageManifest>] {
    var edits: [Edit<ImageManifest>] = [
      Edit(path: "$.name", value: "changed.example/name") { $0.name = "changed.example/name" },
      Edit(path: "$.acVersion", value: "0.7.1") { $0.acVersion = SemanticVersion(0, 7, 1) },
    ]
    for (index, label) in manifest.labels.enumerated() where !["os", "arch"].contains(label.name) {
      edits.append(
        Edit(path: "$.labels[\(index)].value", value: .string(text)) { $0.labels[label.name] = text })
    }
    for index in manifest.pathWhitelist.indices {
      edits.append(
        Edit(path: "$.pathWhitelist[\(index)]", value: .string("/" + text)) {
          $0.pathWhitelist[index] = "/" + text
        })
    }
    for (index, dependency) in manifest.dependencies.enumerated() {
      edits.append(
        Edit(path: "$.dependencies[\(index)].imageName", value: "changed") {
          $0.dependencies[index].imageName = "changed"
        })
      if dependency.size != nil {
        edits.append(
          Edit(path: "$.dependencies[\(index)].size", value: 7) { $0.dependencies[index].size = 7 })
      }
    }
    return edits + (manifest.app.map { appEdits($0, text) } ?? [])
  }

  private func appEdits(_ app: App, _ text: String) -> [Edit<ImageManifest>] {
    var edits: [Edit<ImageManifest>] = [
      Edit(path: "$.app.user", value: .string(text)) { $0.app?.user = text },
      Edit(path: "$.app.group", value: .string(text)) { $0.app?.group = text },
    ]
    if app.workingDirectory != nil {
      edits.append(
        Edit(path: "$.app.workingDirectory", value: .string("/" + text)) {
          $0.app?.workingDirectory = "/" + text
        })
    }
    for index in app.exec.indices {
      edits.append(Edit(path: "$.app.exec[\(index)]", value: .string(text)) { $0.app?.exec[index] = text })
    }
    for (index, variable) in app.environment.enumerated() {
      edits.append(
        Edit(path: "$.app.environment[\(index)].value", value: .string(text)) {
          try? $0.app?.environment.set(variable.name, to: text)
        })
    }
    for index in app.mountPoints.indices {
      edits.append(
        Edit(path: "$.app.mountPoints[\(index)].path", value: .string("/" + text)) {
          $0.app?.mountPoints[index].path = "/" + text
        })
    }
    for index in app.isolators.indices where app.isolators[index].value == false {
      edits.append(
        Edit(path: "$.app.isolators[\(index)].value", value: true) { $0.app?.isolators[index].value = true })
    }
    return edits
  }

  private func podEdits(_ pod: PodManifest, _ text: String) -> [Edit<PodManifest>] {
    var edits: [Edit<PodManifest>] = [
      Edit(path: "$.acVersion", value: "0.7.1") { $0.acVersion = SemanticVersion(0, 7, 1) }
    ]
    for (index, app) in pod.apps.enumerated() {
      edits.append(Edit(path: "$.apps[\(index)].name", value: "changed") { $0.apps[index].name = "changed" })
      for mount in app.mounts.indices {
        edits.append(
          Edit(path: "$.apps[\(index)].mounts[\(mount)].path", value: .string(text)) {
            $0.apps[index].mounts[mount].path = text
          })
      }
    }
    for (index, volume) in pod.volumes.enumerated() where volume.kind == .host {
      edits.append(
        Edit(path: "$.volumes[\(index)].source", value: .string(text)) { $0.volumes[index].source = text })
    }
    for index in pod.ports.indices {
      edits.append(Edit(path: "$.ports[\(index)].hostPort", value: 4711) { $0.ports[index].hostPort = 4711 })
    }
    return edits
  }
}
