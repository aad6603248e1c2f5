import AppcSchema
import Testing

/// Pod manifests of versions 0.1.1 to 0.6.1 (part 2 of the rules).
@Suite("Pods of earlier versions")
struct EarlierPodTests {
  private func read(_ text: String) throws -> Reading<PodManifest> {
    try PodManifest.read(Array(text.utf8))
  }

  static let first = #"""
    {
      "acVersion": "0.1.1",
      "acKind": "ContainerRuntimeManifest",
      "uuid": "6733C088-A507-4694-AABF-EDBE4FC5266F",
      "apps": [
        {"app": "example.com/reduce-worker", "imageID": "sha256-908540d22dae"},
        {"app": "example.com/old/reduce-worker", "imageID": "sha256-893e424371",
         "isolators": [{"name": "memory/limit", "val": "1G"}], "annotations": {"foo": "baz"}}
      ],
      "volumes": [
        {"kind": "host", "source": "/opt/db", "readOnly": true, "fulfills": ["database", "mirror"]},
        {"kind": "empty", "fulfills": ["out"]}
      ],
      "isolators": [{"name": "memory/limit", "val": "4G"}],
      "annotations": {"ipAddress": "10.1.2.3"}
    }
    """#

  @Test("V: a ContainerRuntimeManifest of 0.1.1 is a pod with what it said under today's names")
  func first() throws {
    let reading = try read(Self.first)
    let pod = reading.value
    #expect(pod.uuid?.description == "6733c088-a507-4694-aabf-edbe4fc5266f")
    #expect(pod.apps.map(\.name) == ["reduce-worker", "reduce-worker-2"])
    #expect(pod.apps[1].image.name == "example.com/old/reduce-worker")
    #expect(pod.apps[0].image.id == nil)
    #expect(pod.apps[1].annotations["foo"] == "baz")
    #expect(pod.volumes.map(\.name) == ["database", "mirror", "out"])
    #expect(pod.volumes[1].source == "/opt/db" && pod.volumes[1].readOnly == true)
    #expect(pod.isolators.memory?.limit?.value == 4 << 30)
    #expect(pod.annotations["ipaddress"] == "10.1.2.3")
    #expect(reading.diagnostics.allSatisfy { $0.position != nil && $0.severity == .warning })
    let paths = reading.diagnostics.map(\.path.description)
    for path in ["$.acKind", "$.apps[0].app", "$.apps[1].isolators", "$.volumes[0].fulfills"] {
      #expect(paths.contains(path), "\(path) of \(paths)")
    }
    #expect(throws: SchemaError.self) { try PodManifest.read(Array(Self.first.utf8), mode: .strict) }
  }

  @Test("V: unchanged it stays as it is; upgraded it is a pod manifest of today, and strict reading takes it")
  func upgrade() throws {
    let pod = try read(Self.first).value
    #expect(pod.serialized() == Array(Self.first.utf8))
    let upgraded = pod.upgraded().serialized()
    let again = try PodManifest.read(upgraded, mode: .strict).value
    #expect(again.apps.map(\.name) == pod.apps.map(\.name))
    #expect(again.volumes == pod.volumes)
    #expect(again.isolators == pod.isolators)
    #expect(again.acVersion == .current)
    #expect(again.uuid == pod.uuid)
    let text = String(decoding: upgraded, as: UTF8.self)
    for old in ["ContainerRuntimeManifest", "fulfills", "\"imageID\"", "ipAddress"] {
      #expect(!text.contains(old), "\(old)")
    }
  }

  @Test("V: a mount of 0.6.1 takes its path from the mount point of the pod's app, or later of the image's")
  func mountPoints() throws {
    let pod = try read(
      #"""
      {"acVersion": "0.6.1", "acKind": "PodManifest", "apps": [
        {"name": "a", "image": {"id": "sha512-..."},
         "app": {"exec": ["/a"], "user": "0", "group": "0", "mountPoints": [{"name": "db", "path": "/var/db"}]},
         "mounts": [{"volume": "v", "mountPoint": "db"}]},
        {"name": "b", "image": {"id": "sha512-..."}, "mounts": [{"volume": "v", "mountPoint": "db"}]}
      ], "volumes": [{"name": "v", "kind": "empty"}]}
      """#
    ).value
    #expect(pod.apps[0].mounts[0].path == "/var/db" && pod.apps[0].mounts[0].mountPoint == nil)
    #expect(pod.apps[1].mounts[0].path.isEmpty && pod.apps[1].mounts[0].mountPoint == "db")

    let image = ImageManifest(
      name: "b", app: App(exec: ["/b"], mountPoints: [MountPoint(name: "db", path: "/db")]))
    let resolved = pod.resolvingMountPoints { _ in image }
    #expect(resolved.apps[1].mounts == [Mount(volume: "v", path: "/db")])
    #expect(resolved.apps[0] == pod.apps[0])
    #expect(pod.resolvingMountPoints { _ in nil } == pod)
  }

  @Test("V: an isolator that cannot be converted is kept as it is, with a warning")
  func unconvertible() throws {
    for isolator in [
      #"{"name":"cpu/shares","value":"1"}"#, #"{"name":"capabilities/bounding-set","value":""}"#,
      #"{"name":"os/linux/capabilities-revoke-set","value":{"set":[]}}"#,
    ] {
      let text =
        #"{"acKind":"PodManifest","acVersion":"0.3.0","apps":[],"isolators":["# + isolator + "]}"
      let reading = try read(text)
      #expect(reading.value.isolators[0].json.description == isolator)
      #expect(reading.diagnostics.contains { $0.rule == "V" })
    }
  }

  @Test("V: the names of isolators that 0.1.1 wrote in camel case are those of later versions")
  func camelCase() throws {
    func names(_ version: String) throws -> [ACIdentifier] {
      let isolators = ["privateNetwork", "capabilities/boundingSet", "blockIO/readBandwidth"]
        .map { #"{"name":"\#($0)","val":"CAP_KILL"}"# }.joined(separator: ",")
      let text =
        #"{"acKind":"ContainerRuntimeManifest","acVersion":"\#(version)","apps":[],"isolators":[\#(isolators)]}"#
      return try read(text).value.isolators.map(\.name)
    }
    #expect(
      try names("0.1.1") == [
        "private-network", "os/linux/capabilities-retain-set", "block-io/read-bandwidth",
      ])
    #expect(throws: SchemaError.self) { try names("0.2.0") }
  }

  @Test("V: a mount finds the mount point whose name held dots, in the pod or in the image")
  func dottedMountPoints() throws {
    let app = #""app":{"user":"0","group":"0","mountPoints":[{"name":"a.b/c","path":"/x"}]}"#
    let mounts = #""mounts":[{"volume":"v","mountPoint":"a.b/c"}]"#
    let whole = try read(
      #"{"acKind":"PodManifest","acVersion":"0.5.2","apps":[{"name":"a","image":{},\#(app),\#(mounts)}]}"#)
    #expect(whole.value.apps[0].mounts == [Mount(volume: "v", path: "/x")])
    let open = try read(
      #"{"acKind":"PodManifest","acVersion":"0.5.2","apps":[{"name":"a","image":{},\#(mounts)}]}"#)
    let image = try ImageManifest.read(
      Array(#"{"acKind":"ImageManifest","acVersion":"0.5.2","name":"i",\#(app)}"#.utf8)
    ).value
    let resolved = open.value.resolvingMountPoints { _ in image }
    #expect(resolved.apps[0].mounts.map(\.path) == ["/x"])
  }

  @Test("V: up to 0.3 the dots and slashes of a name stood anywhere, from 0.4 between letters")
  func namesAtTheEdge() throws {
    func names(_ version: String) throws -> [ACName] {
      try read(
        #"{"acKind":"PodManifest","acVersion":"\#(version)","apps":[],"volumes":[{"name":"/data/","kind":"empty"}]}"#
      ).value.volumes.map(\.name)
    }
    #expect(try names("0.3.0") == ["data"])
    #expect(throws: SchemaError.self) { try names("0.4.0") }
  }

  @Test("V: an app that gets a number after its name is reported")
  func numberedApps() throws {
    let reading = try read(
      #"{"acKind":"ContainerRuntimeManifest","acVersion":"0.3.0","apps":[{"app":"a/b"},{"app":"c/b"},{"app":"d/b-2"}]}"#
    )
    #expect(reading.value.apps.map(\.name) == ["b", "b-2", "b-2-2"])
    #expect(reading.diagnostics.filter { $0.path.description == "$.apps" }.count == 2)
  }

  @Test("V: a ContainerRuntimeManifest without a version is read as the first there was")
  func withoutVersion() throws {
    let pod = try read(#"{"acKind":"ContainerRuntimeManifest","apps":[{"app":"example.com/a"}]}"#).value
    #expect(pod.apps.map(\.name) == ["a"])
    #expect(pod.acVersion == SemanticVersion(0, 1, 1))
    #expect(try PodManifest.read(pod.upgraded().serialized()).value.acVersion == .current)
  }
}
