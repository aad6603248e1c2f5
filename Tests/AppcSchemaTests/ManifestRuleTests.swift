import Testing

@testable import AppcSchema

/// What strict and tolerant reading say about one departure from the rules.
struct RuleCase: Sendable, CustomTestStringConvertible {
  /// What happens to a document.
  enum Verdict: Sendable {
    case accepted
    case warned
    case refused
  }

  var rule: String
  var member: String
  var strict: Verdict
  var tolerant: Verdict

  init(_ rule: String, _ member: String, strict: Verdict, tolerant: Verdict) {
    self.rule = rule
    self.member = member
    self.strict = strict
    self.tolerant = tolerant
  }

  var testDescription: String { "\(rule) \(member)" }
}

@Suite("The rules of the schema")
struct ManifestRuleTests {
  private func check(_ test: RuleCase, _ read: (ReadingMode) throws -> [Diagnostic]) {
    for (mode, verdict) in [(ReadingMode.strict, test.strict), (.tolerant, test.tolerant)] {
      do {
        let diagnostics = try read(mode)
        let warned = diagnostics.contains { $0.rule == test.rule && $0.severity == .warning }
        switch verdict {
        case .refused: Issue.record("\(mode): accepted, with \(diagnostics)")
        case .warned: #expect(warned, "\(mode): \(diagnostics)")
        case .accepted: #expect(!warned, "\(mode): \(diagnostics)")
        }
      } catch let error as SchemaError {
        let named = error.diagnostics.contains { $0.rule == test.rule && $0.severity == .error }
        #expect(verdict == .refused && named, "\(mode): \(error)")
        #expect(error.position != nil)
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  private func image(_ members: String, _ mode: ReadingMode) throws -> [Diagnostic] {
    let text = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/a""# + members + "}"
    return try ImageManifest.read(Array(text.utf8), mode: mode).diagnostics
  }

  private func pod(_ members: String, _ mode: ReadingMode) throws -> [Diagnostic] {
    let text = #"{"acKind":"PodManifest","acVersion":"0.8.11""# + members + "}"
    return try PodManifest.read(Array(text.utf8), mode: mode).diagnostics
  }

  @Test(
    "D: image manifests",
    arguments: [
      RuleCase("D1", #","acKind2":1"#, strict: .accepted, tolerant: .accepted),
      RuleCase(
        "A18", #","labels":null,"app":null,"dependencies":null"#, strict: .accepted, tolerant: .accepted),
      RuleCase(
        "D4", #","labels":[{"name":"a","value":"1"},{"name":"a","value":"2"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase("D4", #","labels":[{"name":"name","value":"1"}]"#, strict: .refused, tolerant: .refused),
      RuleCase("D4", #","labels":[{"name":"a"}]"#, strict: .refused, tolerant: .warned),
      RuleCase("D4", #","labels":[{"name":"a","value":1}]"#, strict: .refused, tolerant: .refused),
      RuleCase("D4", #","labels":{}"#, strict: .refused, tolerant: .refused),
      RuleCase("A1", #","labels":[{"name":"a--b","value":""}]"#, strict: .refused, tolerant: .warned),
      RuleCase("D11", #","labels":[{"name":"os","value":"plan9"}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "D11", #","labels":[{"name":"os","value":"linux"},{"name":"arch","value":"arm64"}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase(
        "D11", #","labels":[{"name":"os","value":"linux"},{"name":"arch","value":"s390x"}]"#,
        strict: .accepted, tolerant: .accepted),
      RuleCase("D6", #","labels":[{"name":"arch","value":"bogus"}]"#, strict: .warned, tolerant: .warned),
      RuleCase("D9", #","pathWhitelist":["/a","/b/..c"]"#, strict: .accepted, tolerant: .accepted),
      RuleCase("D9", #","pathWhitelist":["a"]"#, strict: .refused, tolerant: .warned),
      RuleCase("D9", #","pathWhitelist":["/a/../b"]"#, strict: .refused, tolerant: .refused),
      RuleCase("D9", #","pathWhitelist":["/a\u0000"]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "D10", #","annotations":[{"name":"a","value":"1"},{"name":"a","value":"1"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "A10", #","annotations":[{"name":"created","value":"yesterday"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "A11", #","annotations":[{"name":"homepage","value":"javascript:x"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "D13", #","annotations":[{"name":"appc.io/executor/supports-systemd-notify","value":"yes"}]"#,
        strict: .refused, tolerant: .warned),
      RuleCase("A17", #","Labels":[]"#, strict: .warned, tolerant: .warned),
    ])
  func images(test: RuleCase) {
    check(test) { try image(test.member, $0) }
  }

  @Test(
    "E: apps",
    arguments: [
      RuleCase("E1", #""exec":["/a\u0000"]"#, strict: .refused, tolerant: .refused),
      RuleCase("E1", #""exec":"a""#, strict: .refused, tolerant: .refused),
      RuleCase("E1", #""exec":[]"#, strict: .accepted, tolerant: .accepted),
      RuleCase("E3", #""supplementaryGIDs":[0,4294967294]"#, strict: .accepted, tolerant: .accepted),
      RuleCase("E3", #""supplementaryGIDs":[4294967295]"#, strict: .refused, tolerant: .refused),
      RuleCase("E3", #""supplementaryGIDs":[1.0]"#, strict: .refused, tolerant: .refused),
      RuleCase("V", #""supplementaryGids":[1]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "E4", #""eventHandlers":[{"name":"boom","exec":["a"]}]"#, strict: .refused, tolerant: .refused),
      RuleCase("E4", #""eventHandlers":[{"name":"pre-start"}]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "E4", #""eventHandlers":[{"name":"pre-start","exec":["a"]},{"name":"pre-start","exec":["a"]}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase("E5", #""workingDirectory":"a""#, strict: .refused, tolerant: .refused),
      RuleCase("E5", #""workingDirectory":"""#, strict: .accepted, tolerant: .accepted),
      RuleCase("E6", #""environment":[{"name":"A=B","value":""}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "E6", #""environment":[{"name":"A.b-c_1","value":""}]"#, strict: .accepted, tolerant: .accepted),
      RuleCase(
        "E6", #""environment":[{"name":"A","value":""},{"name":"A","value":""}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase("E8", #""mountPoints":[{"name":"a"}]"#, strict: .refused, tolerant: .warned),
      RuleCase("E8", #""mountPoints":[{"name":"a","path":"x"}]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "E8", #""mountPoints":[{"name":"a","path":"/x"},{"name":"a","path":"/y"}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase("E11", #""ports":[{"name":"a","port":80}]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":0}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":80,"count":0}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":65535,"count":1}]"#, strict: .accepted,
        tolerant: .accepted),
      RuleCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":65535,"count":2}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":1,"count":18446744073709551615}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase("E9b", #""userLabels":{"a":1}"#, strict: .refused, tolerant: .refused),
      RuleCase("J2", #""isolators":[{"name":"foo/bar","value":{}}]"#, strict: .accepted, tolerant: .accepted),
      RuleCase(
        "J3",
        #""isolators":[{"name":"os/linux/cpu-shares","value":2},{"name":"os/linux/cpu-shares","value":2}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase(
        "J3",
        #""isolators":[{"name":"os/linux/no-new-privileges","value":true},{"name":"os/linux/no-new-privileges","value":true}]"#,
        strict: .warned, tolerant: .warned),
      RuleCase(
        "J4",
        #""isolators":[{"name":"os/linux/seccomp-remove-set","value":{"set":["a"]}},{"name":"os/linux/seccomp-retain-set","value":{"set":["a"]}}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase(
        "J9",
        #""isolators":[{"name":"os/linux/capabilities-remove-set","value":{"set":["CAP_KILL"]}},{"name":"os/linux/capabilities-retain-set","value":{"set":["CAP_KILL"]}}]"#,
        strict: .refused, tolerant: .warned),
      RuleCase("A12", #""isolators":[{"name":"resource/memory"}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "J16", #""isolators":[{"name":"resource/memory","value":{"limit":"-1"}}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "A13", #""isolators":[{"name":"resource/memory","value":{"limit":"lots"}}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "J13", #""isolators":[{"name":"resource/block-bandwidth","value":{"limit":"1"}}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "J12", #""isolators":[{"name":"os/linux/cpu-shares","value":1024.0}]"#, strict: .refused,
        tolerant: .refused),
    ])
  func apps(test: RuleCase) {
    check(test) { try image(#","app":{"user":"0","group":"0","# + test.member + "}", $0) }
  }

  @Test(
    "E2: user and group are texts that are not empty",
    arguments: [#"{}"#, #"{"user":"","group":"0"}"#, #"{"user":0,"group":"0"}"#, #"{"user":"0"}"#])
  func accounts(app: String) {
    check(RuleCase("E2", app, strict: .refused, tolerant: .refused)) { try image(",\"app\":\(app)", $0) }
  }

  @Test(
    "F: dependencies",
    arguments: [
      RuleCase("F1", #"{}"#, strict: .refused, tolerant: .refused),
      RuleCase("V", #"{"app":"a"}"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "F4", #"{"imageName":"a","size":18446744073709551615}"#, strict: .accepted, tolerant: .accepted),
      RuleCase("F4", #"{"imageName":"a","size":-1}"#, strict: .refused, tolerant: .refused),
      RuleCase("F4", #"{"imageName":"a","size":1.5}"#, strict: .refused, tolerant: .refused),
      RuleCase("F4", #"{"imageName":"a","size":36893488147419103232}"#, strict: .refused, tolerant: .refused),
      RuleCase("A8", #"{"imageName":"a","imageID":""}"#, strict: .refused, tolerant: .refused),
      RuleCase("A8", #"{"imageName":"a","imageID":"sha512-abc"}"#, strict: .refused, tolerant: .refused),
      RuleCase("A8", #"{"imageName":"a","imageID":"sha512-..."}"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "A8", #"{"imageName":"a","imageID":"sha512-"# + String(repeating: "ab", count: 32) + #""}"#,
        strict: .refused, tolerant: .warned),
    ])
  func dependencies(test: RuleCase) {
    check(test) { try image(",\"dependencies\":[\(test.member)]", $0) }
  }

  @Test(
    "K, L: pods",
    arguments: [
      RuleCase("L2", "", strict: .refused, tolerant: .warned),
      RuleCase(
        "L2", #","apps":[{"name":"a","image":{}},{"name":"a","image":{}}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase("L3", #","apps":[{"image":{}}]"#, strict: .refused, tolerant: .refused),
      RuleCase("L4", #","apps":[{"name":"a"}]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "K6", #","apps":[{"name":"a","image":{},"mounts":[{"volume":"v"}]}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"empty"},{"name":"a","kind":"empty"}]"#,
        strict: .refused, tolerant: .refused),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"host"}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"host","source":"x"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"host","source":"/x","uid":0}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"empty","source":"/x"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"empty","mode":"rwx"}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"empty","recursive":true}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "K5", #","apps":[],"volumes":[{"name":"a","kind":"empty","uid":-1}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "L13", #","apps":[],"ports":[{"name":"a","hostPort":0}]"#, strict: .refused, tolerant: .warned),
      RuleCase(
        "L13", #","apps":[],"ports":[{"name":"a","hostPort":70000}]"#, strict: .refused, tolerant: .refused),
      RuleCase(
        "L13", #","apps":[],"ports":[{"name":"a","hostPort":80,"hostIP":"::1"}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase(
        "L13", #","apps":[],"ports":[{"name":"a","hostPort":80,"hostIP":"1.2.3"}]"#, strict: .refused,
        tolerant: .refused),
      RuleCase(
        "L13", #","apps":[],"ports":[{"name":"a","hostPort":1},{"name":"a","hostPort":2}]"#, strict: .refused,
        tolerant: .warned),
      RuleCase("L14", #","apps":[],"userLabels":{"a":"b"}"#, strict: .accepted, tolerant: .accepted),
    ])
  func pods(test: RuleCase) {
    check(test) { try pod(test.member, $0) }
  }

  @Test("L1: a pod without acVersion is tolerated; A6: a version from the future too, not 0.0.0")
  func versions() throws {
    let pod = Array(#"{"acKind":"PodManifest","apps":[]}"#.utf8)
    #expect(throws: SchemaError.self) { try PodManifest.read(pod, mode: .strict) }
    #expect(try PodManifest.read(pod).value.acVersion == .current)
    func image(_ version: String) -> [UInt8] {
      Array(#"{"acKind":"ImageManifest","acVersion":"\#(version)","name":"a"}"#.utf8)
    }
    #expect(try ImageManifest.read(image("9.0.0")).diagnostics.map(\.rule) == ["A6"])
    #expect(throws: SchemaError.self) { try ImageManifest.read(image("9.0.0"), mode: .strict) }
    #expect(throws: SchemaError.self) { try ImageManifest.read(image("0.0.0")) }
    #expect(try ImageManifest.read(image("0.8.11+git"), mode: .strict).diagnostics.isEmpty)
  }

  @Test("every problem is reported, each with its path, and the first one's place in the document")
  func everyProblem() throws {
    let text = """
      {"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/a",
       "app":{"user":"","group":"0",
              "ports":[{"name":"a","protocol":"tcp","port":0}]},
       "labels":[{"name":"os","value":"plan9"}]}
      """
    do {
      _ = try ImageManifest.read(Array(text.utf8))
      Issue.record("accepted")
    } catch {
      let errors = error.diagnostics.filter { $0.severity == .error }
      #expect(errors.map(\.path.description) == ["$.labels", "$.app.user", "$.app.ports[0].port"])
      #expect(error.position?.line == 4)
      #expect(error.description.hasPrefix("cannot read ImageManifest at line 4, column 11"))
      #expect(error.description.hasSuffix("(and 2 more)"))
    }
  }

  @Test("V: annotations and environment of 0.1.1 are objects, which only tolerant reading takes")
  func objectsOfTexts() throws {
    let members = #","annotations":{"b":"2","a":"1"},"app":{"user":"0","group":"0","environment":{"X":"y"}}"#
    #expect(throws: SchemaError.self) { try image(members, .strict) }
    #expect(try image(members, .tolerant).map(\.rule) == ["V", "V"])
  }

  @Test("isolators can be asked for what they mean; of several the strictest counts")
  func isolators() throws {
    let list = [
      Isolator(.memory(Isolator.ResourceRange(limit: try Quantity("1G")))),
      Isolator(.memory(Isolator.ResourceRange(limit: try Quantity("512Mi")))),
      Isolator(.cpu(Isolator.ResourceRange(request: try Quantity("250m"), limit: try Quantity("1.5")))),
      Isolator(.capabilitiesRetainSet(["CAP_KILL", "CAP_CHOWN"])),
      Isolator(.capabilitiesRetainSet(["CAP_KILL"])),
      Isolator(.noNewPrivileges(true)), Isolator(name: "foo/bar", value: [1, 2]),
    ]
    #expect(list.memory?.limit?.value == 512 << 20)
    #expect(list.cpu?.limit?.milliValue == 1500)
    #expect(list.cpu?.request?.milliValue == 250)
    #expect(list.capabilitiesRetain == ["CAP_KILL"])
    #expect(list.capabilitiesRemove == nil)
    #expect(list.noNewPrivileges)
    #expect(list.last?.content == .unknown(name: "foo/bar", value: [1, 2]))
    for isolator in list { #expect(isolator.content.map { Isolator($0) } == isolator) }
  }

  @Test("a manifest made here is written so that strict reading finds nothing")
  func made() throws {
    var manifest = ImageManifest(name: "example.com/a")
    manifest.labels["os"] = "linux"
    manifest.labels["arch"] = "amd64"
    var app = App(exec: ["/bin/true"], user: "root", group: "root", workingDirectory: "/")
    try app.environment.set("PATH", to: "/bin")
    app.ports = [Port(name: "www", port: 80)]
    app.mountPoints = [MountPoint(name: "data", path: "/data", readOnly: true)]
    app.userLabels = [UserText(key: "k", value: "v")]
    manifest.app = app
    manifest.dependencies = [Dependency(imageName: "base", labels: manifest.labels, size: 5)]
    #expect(try manifest.validated().isEmpty)
    #expect(try ImageManifest.read(manifest.serialized()).value == manifest)
    #expect(
      String(decoding: manifest.serialized(.compact), as: UTF8.self).hasPrefix(
        #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/a","labels":[{"name":"os","#))

    let id = try ImageID("sha512-" + String(repeating: "ab", count: 64))
    let pod = PodManifest(
      apps: [
        RuntimeApp(
          name: "a", image: RuntimeImage(id: id, name: "example.com/a"), app: app, readOnlyRootFS: true,
          mounts: [Mount(volume: "v", path: "/data")])
      ], volumes: [.empty(name: "v"), .host(name: "h", source: "/srv", readOnly: true)],
      ports: [ExposedPort(name: "www", hostPort: 8080, hostIP: "127.0.0.1")])
    #expect(try pod.validated().isEmpty)
    #expect(try PodManifest.read(pod.serialized()).value == pod)
  }
}
