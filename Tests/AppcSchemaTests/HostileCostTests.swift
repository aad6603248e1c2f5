import Testing

@testable import AppcSchema

/// What hostile documents cost: in proportion to their size, wherever one list could be compared with another.
///
/// Each case takes a second or so in linear time and many minutes in quadratic.
@Suite("The cost of hostile documents")
struct HostileCostTests {
  private let count = 50_000

  private func list(_ element: (Int) -> String) -> String {
    "[" + (0..<count).map(element).joined(separator: ",") + "]"
  }

  private func read(_ members: String, kind: String = "PodManifest", version: String) throws -> PodManifest {
    let text = #"{"acKind":"\#(kind)","acVersion":"\#(version)",\#(members)}"#
    return try PodManifest.read(Array(text.utf8)).value
  }

  /// Runs `body`, which must not take long.
  private func linear(_ body: () throws -> Void) rethrows {
    let duration = try ContinuousClock().measure(body)
    #expect(duration < .seconds(30))
  }

  @Test("V: apps of a ContainerRuntimeManifest that are all called the same")
  func equalNames() throws {
    try linear {
      let pod = try read(
        #""apps":"# + list { _ in #"{"app":"a"}"# }, kind: "ContainerRuntimeManifest", version: "0.1.1")
      #expect(pod.apps.last?.name.text == "a-\(count)")
    }
  }

  @Test("V: a volume that fulfils many mount points and has many unknown members keeps these once")
  func fulfilledPoints() throws {
    let unknown = (0..<count).map { #""u\#($0)":0"# }.joined(separator: ",")
    try linear {
      let pod = try read(
        #""apps":[],"volumes":[{"kind":"empty","fulfills":"# + list { "\"v\($0)\"" } + "," + unknown + "}]",
        version: "0.1.1")
      #expect(pod.volumes.count == count)
      #expect(pod.volumes.first?.origin.unknownMembers.count == count)
      #expect(pod.volumes.last?.origin.unknownMembers.isEmpty == true)
    }
  }

  @Test("V, K1, K2: many mounts and many mount points, named or at paths")
  func mounts() throws {
    let points = list { #"{"name":"v\#($0)","path":"/x/\#($0)"}"# }
    let app = #""app":{"user":"0","group":"0","exec":["a"],"mountPoints":\#(points)}"#
    let mounts = list { #"{"volume":"v","mountPoint":"v\#($0)"}"# }
    try linear {
      let inPod = try read(
        #""apps":[{"name":"a","image":{},\#(app),"mounts":\#(mounts)}]"#, version: "0.6.1")
      #expect(inPod.apps[0].mounts.last?.path == "/x/\(count - 1)")
      let open = try read(#""apps":[{"name":"a","image":{},"mounts":\#(mounts)}]"#, version: "0.6.1")
      let image = ImageManifest(name: "i", app: inPod.apps[0].app)
      let resolved = open.resolvingMountPoints { _ in image }
      #expect(resolved.apps[0].mounts.last?.path == "/x/\(count - 1)")
      // No image ID, and for no mount a volume.
      #expect(resolved.reificationProblems { _ in image }.count == count + 1)
    }
  }

  @Test("J1: many isolators of an app, and of its pod")
  func isolators() throws {
    let isolators = (0..<count / 5).map { _ in Isolator(.memory(.init(limit: Quantity(1)))) }
    let app = App(exec: ["a"], isolators: isolators)
    let pod = PodManifest(
      apps: [RuntimeApp(name: "a", image: RuntimeImage(), app: app)], isolators: isolators)
    linear { #expect(pod.reificationProblems { _ in nil }.count == 2) }
  }

  @Test("a description is found by reading it back, however much looks like a parameter in it")
  func descriptions() throws {
    let sysctl = Isolator(.sysctl((0..<count).map { .init(key: "k\($0)", value: "") }))
    let port = Port(name: "a", protocol: (0..<count).map { ",k\($0)=" }.joined(), port: 1)
    try linear {
      let isolator = try Isolator(parsing: sysctl.description)
      #expect(isolator == sysctl)
      let again = try Port(parsing: port.description)
      #expect(again == port)
    }
  }

  @Test("capabilities of several sets, labels against labels, annotations over annotations")
  func sets() throws {
    let names = (0..<count).map { "CAP_\($0)" }
    let identifiers = try (0..<count).map { try ACIdentifier("l\($0)") }
    let labels = try Labels(identifiers.map { Label(name: $0, value: "") })
    let annotations = try Annotations(identifiers.map { Annotation(name: $0, value: "") })
    linear {
      let set = Isolator(.capabilitiesRetainSet(names))
      #expect([set, set].capabilitiesRetain == names)
      #expect(labels.satisfy(labels))
      #expect(annotations.merging(annotations) == annotations)
    }
  }

  @Test("200 diagnostics that go back and forth behind megabytes of text")
  func places() throws {
    let ports = (0..<100).map { #"{"count":0,"protocol":"t","port":1,"name":"a--\#($0)"}"# }
    let text = String(repeating: "x", count: 4 << 20)
    let app = #""app":{"user":"0","group":"0","ports":[\#(ports.joined(separator: ","))]}"#
    let source = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","x":"\#(text)",\#(app)}"#
    try linear {
      let diagnostics = try ImageManifest.read(Array(source.utf8)).diagnostics
      #expect(diagnostics.count == 200)
      #expect(diagnostics[0].position?.offset ?? 0 > diagnostics[1].position?.offset ?? 0)
    }
  }

  @Test("a document that is mostly white space does not grow by it with each line that is added")
  func whiteSpace() throws {
    let blanks = String(repeating: " ", count: 1 << 20)
    let source =
      "{\n\(blanks)\"acKind\":\"ImageManifest\",\"acVersion\":\"0.8.11\",\n\(blanks)\"name\":\(blanks)\"a\"}"
    var image = try ImageManifest.read(Array(source.utf8)).value
    for index in 0..<20 { image.labels[try ACIdentifier("l\(index)")] = "" }
    let written = image.serialized()
    #expect(written.count < source.utf8.count + 20_000)
    #expect(try ImageManifest.read(written).value == image)
  }
}
