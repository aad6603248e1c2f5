import AppcEngine
import AppcTesting
import Foundation
import SystemPackage
import Testing

@Suite("Upgrading a manifest")
struct ManifestUpgradeTests {
  private static let old = """
    {
      "acKind": "ImageManifest",
      "acVersion": "0.5.0",
      "x-mine":   [ 1.50 ],
      "name": "ex/a",
      "dependencies": [{"app": "ex/base"}]
    }

    """

  private func upgrade(_ text: String) -> ManifestUpgrade { ManifestUpgrade(Array(text.utf8)) }

  private func text(_ upgrade: ManifestUpgrade) -> String {
    String(decoding: upgrade.bytes ?? [], as: UTF8.self)
  }

  @Test("V: writes today's names and version over the old text, of which all else stays as it is")
  func overlays() {
    let upgraded = upgrade(Self.old)
    let expected = Self.old.replacing("0.5.0", with: "0.8.11").replacing("\"app\"", with: "\"imageName\"")
    #expect(text(upgraded) == expected)
    #expect(upgraded.isComplete && upgraded.notes.map(\.rule) == ["V"])
    #expect(upgraded.notes[0].position?.line == 6)
  }

  @Test("is idempotent, and leaves a manifest of today's as it is")
  func idempotent() throws {
    let today = text(upgrade(Self.old))
    #expect(text(upgrade(today)) == today)
    #expect(upgrade(today).notes.isEmpty)
  }

  @Test(
    "V: every manifest of an earlier version in the corpus becomes strictly valid, or it is told what remains"
  )
  func corpus() throws {
    var complete: [ACKind: Int] = [:]
    for test in try ManifestCase.all() where test.difference == "V" || test.isAccepted {
      let upgraded = upgrade(test.input)
      guard upgraded.bytes != nil else {
        // Told as errors in the old document.
        #expect(upgraded.notes.contains { $0.severity == .error }, "\(test.input)")
        continue
      }
      #expect(upgraded.notes.allSatisfy { $0.severity < .error })
      let strict = try strictErrors(text(upgraded))
      #expect(strict == upgraded.remaining.compactMap(\.rule), "\(test.input)")
      #expect(upgraded.isComplete == strict.isEmpty)
      if upgraded.isComplete { complete[test.kind, default: 0] += 1 }
    }
    #expect(
      complete[.imageManifest, default: 0] > 5 && complete[.podManifest, default: 0] > 15, "\(complete)")
  }

  private func strictErrors(_ text: String) throws -> [String] {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(text, to: "m")
      let report = try Engine.validate(file, options: .init(type: .manifest, mode: .strict))
      return report.findings.filter { $0.severity == .error }.compactMap(\.rule)
    }
  }

  @Test(
    "V: a ContainerRuntimeManifest becomes a pod manifest, its mounts with the paths of their mount points")
  func containerRuntime() {
    let id = "sha512-" + String(repeating: "ab", count: 64)
    let upgraded = upgrade(
      """
      {"acKind": "ContainerRuntimeManifest", "acVersion": "0.4.0", "uuid": "6733C088-A507-4694-AABF-EDBE4FC5266F",
       "apps": [{"name": "a", "image": {"id": "\(id)"},
         "app": {"exec": ["/a"], "user": "0", "group": "0", "mountPoints": [{"name": "data", "path": "/data"}]},
         "mounts": [{"volume": "v", "mountPoint": "data"}]}],
       "volumes": [{"name": "v", "kind": "empty"}]}
      """)
    #expect(upgraded.isComplete, "\(upgraded.remaining)")
    #expect(text(upgraded).contains("\"PodManifest\"") && text(upgraded).contains("\"path\": \"/data\""))
    #expect(!text(upgraded).contains("mountPoint\""))
  }

  @Test("a mount point that only the image knows gets its path from the image, if that is at hand")
  func imageMountPoints() {
    let old = Array(
      """
      {"acKind": "PodManifest", "acVersion": "0.6.0", "volumes": [{"name": "v", "kind": "empty"}],
       "apps": [{"name": "a", "image": {"id": "sha512-\(String(repeating: "ab", count: 64))"},
                 "mounts": [{"volume": "v", "mountPoint": "data"}]}]}
      """.utf8)
    #expect(ManifestUpgrade(old).remaining.map(\.rule) == ["K6"])
    let upgraded = ManifestUpgrade(old) { _ in
      let point = try? MountPoint(parsing: "data,path=/data")
      return ImageManifest(name: "ex/a", app: App(exec: ["/a"], mountPoints: point.map { [$0] } ?? []))
    }
    #expect(upgraded.isComplete && text(upgraded).contains("\"path\": \"/data\""), "\(upgraded.remaining)")
  }

  @Test("a file that has changed since it was read is not replaced")
  func changedMeanwhile() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(Array(Self.old.utf8), to: "manifest")
      let upgraded = try ManifestUpgrade(of: file)
      try Data("another".utf8).write(to: URL(filePath: file.string), options: .atomic)
      let error = #expect(throws: EngineError.self) { try upgraded.replace(file) }
      #expect(error?.description.contains("changed since it was read") == true)
      #expect(try String(contentsOf: URL(filePath: file.string), encoding: .utf8) == "another")
      #expect(try directory.contents() == ["manifest"])
    }
  }

  @Test("what no rule can convert is told, by the rule that strict validation has")
  func remaining() {
    let upgraded = upgrade(Self.old.replacing("ex/base", with: "ex--base"))
    #expect(!upgraded.isComplete && upgraded.bytes != nil)
    #expect(upgraded.remaining.map(\.rule) == ["A1"])
    let unreadable = upgrade("{}")
    #expect(unreadable.bytes == nil && unreadable.notes.map(\.rule) == ["A5"])
  }

  @Test(
    "is written whole or not at all, over another file only when told so, and in place with owner and mode")
  func writing() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(Array(Self.old.utf8), to: "old", mode: [.ownerReadWrite])
      let upgraded = try ManifestUpgrade(of: file)
      let new = directory.appending("new")
      try upgraded.write(to: new)
      #expect(try Data(contentsOf: URL(filePath: new.string)) == Data(upgraded.bytes ?? []))
      let error = #expect(throws: EngineError.self) { try upgraded.write(to: new) }
      #expect(error?.description.hasSuffix("new: it exists (use --overwrite)") == true)
      try upgraded.write(to: new, overwrite: true)

      let link = directory.appending("link")
      try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "old")
      try upgraded.replace(link)
      #expect(try Data(contentsOf: URL(filePath: file.string)) == Data(upgraded.bytes ?? []))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.string) == "old")
      let attributes = try FileManager.default.attributesOfItem(atPath: file.string)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try directory.contents() == ["link", "new", "old"])

      try upgrade("{}").write(to: directory.appending("none"))
      #expect(try directory.contents() == ["link", "new", "old"])
      #expect(throws: EngineError.self) { try ManifestUpgrade(of: directory.path) }
      #expect(throws: EngineError.self) { try upgraded.write(to: directory.path) }
    }
  }
}
