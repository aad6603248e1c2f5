import Testing

@testable import AppcSchema

/// What the fuzzer and the generated tests found, each as its smallest case.
@Suite("What fuzzing found")
struct FuzzFindingTests {
  @Test("of two versions one is less, or they are equal, zeros in front or not", arguments: ["01", "", "0"])
  func versionOrder(_ identifier: String) throws {
    let version = try SemanticVersion("1.0.0-a.\(identifier)", mode: .tolerant)
    for other in ["1.0.0-a.1", "1.0.0-a.0", "1.0.0-a.00", "1.0.0-a.b"] {
      let other = try SemanticVersion(other, mode: .tolerant)
      #expect([version < other, version == other, version > other].count { $0 } == 1, "\(version), \(other)")
    }
  }

  @Test("a number of processors set in a document of before 0.7 is one of cores when it is read again")
  func coresInOldDocument() throws {
    let source = #"{"acKind":"ImageManifest","acVersion":"0.6.0","name":"a","app":{"user":"0","group":"0"}}"#
    var image = try ImageManifest.read(Array(source.utf8)).value
    image.app?.isolators = [Isolator(.cpu(Isolator.ResourceRange(limit: Quantity(1))))]
    let again = try ImageManifest.read(image.serialized()).value
    #expect(again.app?.isolators.cpu?.limit == Quantity(1))

    let pod = PodManifest(
      isolators: [Isolator(.cpu(Isolator.ResourceRange(limit: Quantity(1))))],
      acVersion: SemanticVersion(0, 6, 0))
    #expect(try PodManifest.read(pod.serialized()).value.isolators.cpu?.limit == Quantity(1))
  }

  @Test("strict reading refuses a number of processors that tolerant reading takes for thousandths")
  func ambiguousCores() throws {
    let source = """
      {"acKind":"PodManifest","acVersion":"0.6.0","apps":[],
       "isolators":[{"name":"resource/cpu","value":{"limit":"2"}}]}
      """
    #expect(try PodManifest.read(Array(source.utf8)).value.isolators.cpu?.limit == Quantity(2, scale: -3))
    let error = #expect(throws: SchemaError.self) { try PodManifest.read(Array(source.utf8), mode: .strict) }
    #expect(error?.diagnostics.map(\.rule) == ["V"])
  }

  @Test("a binary amount beyond 2^63-1 is written so that it reads as itself")
  func largeBinary() throws {
    let quantity = Quantity(.max, format: .binarySI) + Quantity(1, format: .binarySI)
    #expect(try Quantity(quantity.description) == quantity)
  }

  @Test("the path that is given to a mount of a named mount point is written")
  func pathOfNamedMountPoint() throws {
    let source = """
      {"acKind":"PodManifest","acVersion":"0.6.0","apps":[{"name":"a","image":{},
       "mounts":[{"volume":"v","mountPoint":"w"}]}]}
      """
    var pod = try PodManifest.read(Array(source.utf8)).value
    pod.apps[0].mounts[0].path = "/w"
    let again = try PodManifest.read(pod.serialized()).value
    #expect(again.apps[0].mounts == [Mount(volume: "v", path: "/w")])
  }

  @Test("what a tolerated document leaves out is not put in when something else is changed")
  func missingTexts() throws {
    let source = """
      {"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","labels":[{"name":"x"}],
       "app":{"user":"0","group":"0","ports":[{"name":"p","port":1}],"mountPoints":[{"name":"m"}]}}
      """
    var image = try ImageManifest.read(Array(source.utf8)).value
    image.name = "b"
    #expect(String(decoding: image.serialized(), as: UTF8.self) == source.replacing("\"a\"", with: "\"b\""))
    image.labels["x"] = "1"
    #expect(try ImageManifest.read(image.serialized()).value.labels["x"] == "1")

    let pod = """
      {"acKind":"PodManifest","acVersion":"0.8.11","apps":[{"name":"a","image":{},"mounts":[{"volume":"v"}]}]}
      """
    var changed = try PodManifest.read(Array(pod.utf8)).value
    changed.apps[0].name = "b"
    #expect(String(decoding: changed.serialized(), as: UTF8.self) == pod.replacing("\"a\"", with: "\"b\""))
  }

  @Test("an app of a ContainerRuntimeManifest that has a name of its own keeps it, and is written once")
  func nameOfLegacyApp() throws {
    let source = """
      {"acKind":"ContainerRuntimeManifest","acVersion":"0.1.1","apps":[{"app":"example.com/c","name":"x"}]}
      """
    let pod = try PodManifest.read(Array(source.utf8)).value
    #expect(pod.apps.map(\.name) == ["x"])
    let again = try PodManifest.read(pod.serialized(.compact)).value
    #expect(again.apps.map(\.name) == ["x"])
    #expect(again.apps.map(\.image.name) == ["example.com/c"])
  }

  @Test("a dependency has an ID or the beginning of one")
  func idOrPrefix() throws {
    let id = try #require(ImageID(digest: [UInt8](repeating: 7, count: 64)))
    var dependency = Dependency(imageName: "a", imageID: id)
    dependency.imageIDPrefix = try ImageIDPrefix("sha512-0707")
    #expect(dependency.imageID == nil)
    dependency.imageID = id
    #expect(dependency.imageIDPrefix == nil)
    #expect(try Dependency(json: dependency.json) == dependency)
  }

  @Test("E9b: a key that holds a NUL is refused by every reader")
  func nulInKey() {
    #expect(throws: SchemaError.self) { try UserText(parsing: #"{"a\u0000":"b"}"#) }
    let app: JSONValue = ["user": "0", "group": "0", "userLabels": ["a\0": "b"]]
    #expect(throws: SchemaError.self) { try App(json: app, mode: .tolerant) }
    #expect(throws: SchemaError.self) { try Isolator(parsing: #"os/unix/sysctl={"a\u0000":"b"}"#) }
  }

  @Test("A12: an isolator's null is not its empty object or list, whichever it was before")
  func emptyValues() throws {
    for (old, new) in [("null", "{}"), ("{}", "null"), ("[]", "{}"), ("null", "[]")] {
      let read: JSONValue = ["name": "x/y", "value": try JSONValue.parse(old)]
      var isolator = try Isolator(json: read)
      isolator.value = try JSONValue.parse(new)
      #expect(try Isolator(json: isolator.json) == isolator)
      #expect(isolator.json["value"]?.description == new)
    }
  }
}
