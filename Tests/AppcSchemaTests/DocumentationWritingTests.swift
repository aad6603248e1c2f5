import AppcSchema
import Foundation
import Testing

// The examples between the comments "Example" and "Expectations" stand in the pages of AppcSchema.docc word for
// word; Scripts/check-documents compares them.

@Suite("The pages' examples of editing and writing")
struct DocumentationWritingTests {
  private let manifest = Array(
    """
    {
      "acKind": "ImageManifest",  "acVersion": "0.8.11",
      "name": "example.com/server",
      "labels": [ {"name": "version", "value": "1.1"} ],
      "com.example/build": {"job": 417},
      "app": { "exec": ["/bin/server"], "user": "0", "group": "0" }
    }

    """.utf8)

  @Test("an edited manifest differs from the old one where it was edited, and nowhere else")
  func editing() throws {
    let bytes = manifest
    let (name, value) = ("channel", "stable")
    // Example
    var image = try ImageManifest.read(bytes).value
    image.labels["version"] = "1.2"
    try image.labels.set(name, to: value)  // for a name that comes from outside
    image.app?.exec.append("--verbose")
    try image.app?.environment.set("PATH", to: "/bin")
    let edited = image.serialized()
    // Expectations
    let text = String(decoding: edited, as: UTF8.self)
    #expect(text.contains(#""acKind": "ImageManifest",  "acVersion": "0.8.11","#))
    #expect(text.contains(#"[ {"name": "version", "value": "1.2"},"#))
    #expect(text.contains(#""com.example/build": {"job": 417},"#))
    let again = try ImageManifest.read(edited, mode: .strict).value
    #expect(again == image)
    #expect(again.labels["channel"] == "stable")
    #expect(again.app?.exec == ["/bin/server", "--verbose"])
  }

  @Test("raising a version changes the version")
  func raisingVersion() throws {
    let bytes = manifest
    // Example
    var image = try ImageManifest.read(bytes, mode: .strict).value
    image.labels["version"] = "1.2"
    let edited = image.serialized()
    // Expectations
    #expect(edited == Array(String(decoding: bytes, as: UTF8.self).replacing("1.1", with: "1.2").utf8))
  }

  @Test("a manifest made of values is written and checked")
  func making() throws {
    // Example
    var app = App(exec: ["/bin/server"], user: "1000", group: "1000", workingDirectory: "/srv")
    app.ports = [Port(name: "http", port: 8080)]
    app.mountPoints = [MountPoint(name: "data", path: "/srv/data")]

    var image = ImageManifest(name: "example.com/server", app: app)
    image.labels["version"] = "1.0"
    image.annotations["created"] = "2026-01-31T12:00:00Z"

    let remarks = try image.validated()  // throws what strict reading would
    let bytes = image.serialized(.pretty)
    // Expectations
    #expect(remarks.isEmpty)
    #expect(try ImageManifest.read(bytes, mode: .strict).value == image)
  }

  @Test("each style of writing does what its name says")
  func styles() throws {
    let bytes = manifest
    let image = try ImageManifest.read(bytes).value
    // Example
    let same = image.serialized()  // .preserving: here, `bytes`
    let short = image.serialized(.compact)  // one line, no white space
    let readable = image.serialized(.pretty)  // four spaces a level
    // Expectations
    #expect(same == bytes)
    #expect(!short.contains(UInt8(ascii: "\n")) && short.count < bytes.count)
    #expect(String(decoding: readable, as: UTF8.self).contains("\n    \"acKind\": \"ImageManifest\",\n"))
  }

  @Test("a pod of an earlier version is read, and written as one of today")
  func upgrading() throws {
    let bytes = Array(
      """
      {
        "acVersion": "0.4.0",
        "acKind": "ContainerRuntimeManifest",
        "uuid": "6733C088-A507-4694-AABF-EDBE4FC5266F",
        "apps": [ {"name": "main", "image": {"name": "example.com/server"}} ],
        "note": "kept"
      }

      """.utf8)
    // Example
    let pod = try PodManifest.read(bytes).value
    let uuid = pod.uuid  // up to 0.5.0 a pod's manifest held its UUID
    let today = pod.upgraded().serialized()
    // Expectations
    #expect(uuid?.short == "6733c088")
    #expect(pod.serialized() == bytes)
    let text = String(decoding: today, as: UTF8.self)
    #expect(text.contains(#"  "acVersion": "0.8.11","#) && text.contains(#""acKind": "PodManifest""#))
    #expect(text.contains(#"[ {"name": "main", "image": {"name": "example.com/server"}} ]"#))
    #expect(text.contains(#""note": "kept""#))
    #expect(try PodManifest.read(today, mode: .strict).diagnostics.isEmpty)
  }

  @Test("members that the schema does not know are kept, and can be looked at")
  func unknownMembers() throws {
    let bytes = manifest
    // Example
    let image = try ImageManifest.read(bytes).value
    let build = image.unknownMembers.first { $0.key.hasSameBytes(as: "com.example/build") }
    let job = build?.value["job"]?.number?.integer(as: Int.self)
    // Expectations
    #expect(job == 417)
  }

  // Example
  struct Job: Codable {
    var queue: String
    var pod: PodManifest
    var memory: Quantity
  }
  // Expectations

  @Test("schema values nest in Codable types, and what breaks a rule is an error of the coder's")
  func nesting() throws {
    let data = Data(
      #"""
      {"queue": "night", "memory": "1Gi", "pod": {"acKind": "PodManifest", "acVersion": "0.8.11",
        "apps": [{"name": "main", "image": {"name": "example.com/server"}}]}}
      """#.utf8)
    // Example
    var job = try JSONDecoder().decode(Job.self, from: data)
    job.pod.apps[0].readOnlyRootFS = true
    let sent = try JSONEncoder().encode(job)
    // Expectations
    #expect(job.memory.value == 1 << 30)
    let received = try JSONDecoder().decode(Job.self, from: sent)
    #expect(received.pod == job.pod)
    let broken = Data(String(decoding: data, as: UTF8.self).replacing("main", with: "Main").utf8)
    let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode(Job.self, from: broken) }
    #expect(error.map { "\($0)" }?.contains("(A4)") == true)
  }
}
