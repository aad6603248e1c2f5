import AppcSchema
import Testing

// The examples between the comments "Example" and "Expectations" stand in the pages of AppcSchema.docc word for
// word; Scripts/check-documents compares them.

@Suite("The pages' examples of values")
struct DocumentationValuesTests {
  @Test("names come from literals, from texts that must fit, and from any text")
  func names() throws {
    let text = "example.com/worker"
    // Example
    let name: ACIdentifier = "example.com/server"  // a literal of your own
    let given = try ACIdentifier(text)  // a text that must be a name
    let made = try ACName.sanitized("My Server")  // a name of any text: my-server
    // Expectations
    #expect(name < given)
    #expect(made.text == "my-server")
    #expect(throws: SchemaError.self) { try ACIdentifier(text + "!") }
  }

  @Test("quantities are exact, compare by amount, and print in their own suffixes")
  func quantities() throws {
    // Example
    let limit = try Quantity("1.5Gi")
    let bytes = limit.value  // 1610612736
    let cores = try Quantity("250m").milliValue  // 250 thousandths
    let isSame = try Quantity("128974848") == Quantity("123Mi")
    let sum = limit + (try Quantity("512Mi"))  // prints 2Gi
    // Expectations
    #expect(bytes == 1_610_612_736)
    #expect(cores == 250)
    #expect(isSame)
    #expect("\(sum)" == "2Gi")
  }

  @Test("labels are asked for by name, matched, and checked against the known platforms")
  func labels() throws {
    let image = ImageManifest(
      name: "example.com/server",
      labels: try Labels([
        Label(name: "version", value: "1.0"), Label(name: "os", value: "linux"),
        Label(name: "arch", value: "amd64"),
      ]))
    // Example
    let version = image.labels["version"]
    var wanted = Labels()
    wanted["os"] = "linux"
    let fits = image.labels.satisfy(wanted)
    let complaint = image.labels.platformProblem  // nil: linux on amd64 is known
    let platform = image.labels.goPlatform  // as Go and container registries name it
    // Expectations
    #expect(version == "1.0")
    #expect(fits)
    #expect(complaint == nil)
    #expect(platform.map { "\($0)" } == "linux/amd64")
    wanted["os"] = "freebsd"
    #expect(!image.labels.satisfy(wanted))
  }

  @Test("isolators are made of contents, and asked for what they mean")
  func isolators() throws {
    // Example
    var app = App(exec: ["/bin/server"])
    app.isolators = [
      Isolator(.memory(Isolator.ResourceRange(limit: try Quantity("512Mi")))),
      Isolator(.capabilitiesRetainSet(["CAP_NET_BIND_SERVICE"])),
      Isolator(name: "example.com/gpu", value: ["count": 1]),
    ]
    let memory = app.isolators.memory?.limit?.value  // 536870912
    let capabilities = app.isolators.capabilitiesRetain
    let devices = app.isolators.first(named: "example.com/gpu")?.value["count"]
    // Expectations
    #expect(memory == 536_870_912)
    #expect(capabilities == ["CAP_NET_BIND_SERVICE"])
    #expect(devices == 1)
    #expect(app.isolators.last?.content == .unknown(name: "example.com/gpu", value: ["count": 1]))
  }

  @Test("forms of the command line are read and printed")
  func stringForms() throws {
    // Example
    let volume = try Volume(parsing: "data,kind=host,source=/srv/data,readOnly=true")
    let port = try Port(parsing: "http,protocol=tcp,port=80,count=2")
    let label = try Label(parsing: "os=linux")
    let memory = try Isolator(parsing: "resource/memory,limit=512Mi")
    let reference = try ImageReference("example.com/server:1.0,os=linux")
    // Expectations
    #expect(volume == .host(name: "data", source: "/srv/data", readOnly: true))
    #expect("\(port)" == "http,protocol=tcp,port=80,count=2")
    #expect(label == Label(name: "os", value: "linux"))
    #expect([memory].memory?.limit?.value == 512 << 20)
    #expect("\(memory)" == "resource/memory,limit=512Mi")
    #expect("\(reference)" == "example.com/server:1.0,os=linux")
    guard case .name(let name, let labels) = reference else {
      Issue.record("\(reference) is no name")
      return
    }
    #expect(name == "example.com/server")
    #expect(labels["version"] == "1.0")
  }

  @Test("a pod is made of images, apps and volumes")
  func pods() throws {
    let id = try ImageID("sha512-" + String(repeating: "0a", count: 64))
    // Example
    let pod = PodManifest(
      apps: [
        RuntimeApp(
          name: "main", image: RuntimeImage(id: id, name: "example.com/server"),
          mounts: [Mount(volume: "data", path: "/srv/data")])
      ],
      volumes: [.empty(name: "data", mode: 0o700)])
    let bytes = pod.serialized()
    // Expectations
    #expect(try PodManifest.read(bytes, mode: .strict).value == pod)
  }

  @Test("what keeps a pod from running is found in one go")
  func reification() throws {
    let id = try ImageID("sha512-" + String(repeating: "0a", count: 64))
    var app = App(exec: ["/bin/server"])
    app.mountPoints = [MountPoint(name: "data", path: "/srv/data")]
    let images = [id: ImageManifest(name: "example.com/server", app: app)]
    let pod = PodManifest(
      apps: [
        RuntimeApp(name: "main", image: RuntimeImage(id: id)),
        RuntimeApp(name: "side", image: RuntimeImage(name: "example.com/side"), app: App(exec: ["/a"])),
      ])
    // Example
    let problems = pod.reificationProblems { app in app.image.id.flatMap { images[$0] } }
    let canRun = problems.allSatisfy { $0.severity < .error }
    // Expectations
    #expect(!canRun)
    #expect(
      problems.map { "\($0)" } == [
        #"error: $.apps[0] (K1): the mount point "data" ("/srv/data") of "main" has no volume"#,
        #"error: $.apps[1].image (L4): the app "side" has no image ID"#,
      ])
  }
}
