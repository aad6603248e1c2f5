import AppcSchema
import SystemPackage
import Testing

@testable import AppcEngine

@Suite("Assembling a pod")
struct PodAssemblyTests {
  private let id = ImageID(digest: [UInt8](repeating: 7, count: 64))

  private func image(
    _ name: ACIdentifier = "example.com/web", _ change: (inout ImageManifest) -> Void = { _ in }
  ) throws
    -> PodAssembly.Image
  {
    var manifest = ImageManifest(name: name, app: App(exec: ["/bin/web", "-v"], user: "www", group: "www"))
    change(&manifest)
    return PodAssembly.Image(id: try #require(id), manifest: manifest)
  }

  private func app(_ change: (inout RunRequest.App) -> Void = { _ in }) -> RunRequest.App {
    var app = RunRequest.App(image: .file("/x.aci"))
    change(&app)
    return app
  }

  @Test("names apps after the last part of the image's name, and refuses two of one name")
  func names() throws {
    var assembly = PodAssembly(
      request: RunRequest(apps: [app()]), images: [try image("example.com/a/my_app~2")])
    #expect(try assembly.podManifest().apps[0].name.description == "my-app-2")
    var double = PodAssembly(request: RunRequest(apps: [app(), app()]), images: [try image(), try image()])
    let error = #expect(throws: EngineError.self) { try double.podManifest() }
    #expect(error?.description.contains("--name") == true)
  }

  @Test("appends arguments to the image's exec, or to the program that takes its place")
  func exec() throws {
    var own = PodAssembly(request: RunRequest(apps: [app { $0.arguments = ["x"] }]), images: [try image()])
    #expect(try own.podManifest().apps[0].app?.exec == ["/bin/web", "-v", "x"])
    var other = PodAssembly(
      request: RunRequest(apps: [
        app {
          $0.exec = "/bin/sh"; $0.arguments = ["-c", "exit"]
        }
      ]), images: [try image()])
    #expect(try other.podManifest().apps[0].app?.exec == ["/bin/sh", "-c", "exit"])
  }

  @Test("an image without an app runs what is asked for, as root, and nothing otherwise")
  func noApp() throws {
    var without = PodAssembly(request: RunRequest(apps: [app()]), images: [try image { $0.app = nil }])
    #expect(throws: EngineError.self) { try without.podManifest() }
    var with = PodAssembly(
      request: RunRequest(apps: [app { $0.exec = "/x" }]), images: [try image { $0.app = nil }])
    let made = try with.podManifest().apps[0].app
    #expect(made?.user == "0" && made?.exec == ["/x"])
  }

  @Test("the environment is the caller's, under the image's, under the pod's, under the app's")
  func environment() throws {
    func variables(_ text: String...) throws -> [Environment.Variable] {
      try text.map { try Environment.Variable(name: String($0.prefix(1)), value: $0) }
    }
    var request = RunRequest(apps: [
      try { () throws in
        var app = app()
        app.environment = try variables("Da")
        return app
      }()
    ])
    request.inheritedEnvironment = try variables("Ac", "Bc", "Cc", "Dc")
    request.environment = try variables("Cp", "Dp")
    let own = try variables("Bi", "Ci", "Di")
    var assembly = PodAssembly(
      request: request, images: [try image { $0.app?.environment = (try? Environment(own)) ?? Environment() }]
    )
    let merged = try #require(try assembly.podManifest().apps[0].app).environment
    #expect(["A", "B", "C", "D"].map { merged[$0] } == ["Ac", "Bi", "Cp", "Da"])
  }

  @Test("an open mount point gets an empty volume and a warning, once for all apps")
  func implicitVolumes() throws {
    let points = [MountPoint(name: "data", path: "/data")]
    let images = [try image { $0.app?.mountPoints = points }, try image { $0.app?.mountPoints = points }]
    var assembly = PodAssembly(
      request: RunRequest(apps: [app(), app { $0.name = "other" }]), images: images)
    let manifest = try assembly.podManifest()
    #expect(manifest.volumes == [.empty(name: "data")])
    #expect(assembly.warnings.count == 1)
  }

  @Test("a mount point at /dev that nothing is given for leaves the pod's own devices, with a warning")
  func openDeviceMountPoint() throws {
    let points = [MountPoint(name: "dev", path: "/dev")]
    var open = PodAssembly(
      request: RunRequest(apps: [app()]), images: [try image { $0.app?.mountPoints = points }])
    let manifest = try open.podManifest()
    #expect(manifest.volumes.isEmpty && manifest.apps[0].app?.mountPoints == [])
    #expect(open.warnings.count == 1)
    var request = RunRequest(apps: [app()])
    request.volumes = [.host(name: "dev", source: "/dev")]
    var given = PodAssembly(request: request, images: [try image { $0.app?.mountPoints = points }])
    #expect(try given.podManifest().apps[0].app?.mountPoints == points)
  }

  @Test("Rocket's bind:/path fills the only open mount point, and nothing when there are two")
  func bind() throws {
    var request = RunRequest(apps: [app()])
    request.bindSources = ["/host"]
    var one = PodAssembly(
      request: request, images: [try image { $0.app?.mountPoints = [MountPoint(name: "data", path: "/d")] }])
    #expect(try one.podManifest().volumes == [.host(name: "data", source: "/host")])
    var two = PodAssembly(
      request: request,
      images: [
        try image {
          $0.app?.mountPoints = [MountPoint(name: "a", path: "/a"), MountPoint(name: "b", path: "/b")]
        }
      ])
    #expect(throws: EngineError.self) { try two.podManifest() }
  }

  @Test("an image for another platform is refused, one without labels is not (D6)")
  func platform() throws {
    func run(_ os: String?, _ arch: String?) throws {
      let labels = try Labels(
        [("os", os), ("arch", arch)].compactMap { name, value in
          try value.map { Label(name: try ACIdentifier(name), value: $0) }
        })
      var assembly = PodAssembly(
        request: RunRequest(apps: [app()]), images: [try image { $0.labels = labels }],
        platform: ("linux", "amd64"))
      _ = try assembly.podManifest()
    }
    try run(nil, nil)
    try run("linux", "amd64")
    #expect(throws: EngineError.self) { try run("linux", "aarch64") }
    #expect(throws: EngineError.self) { try run("freebsd", "amd64") }
  }

  @Test("an isolator that is given takes the place of the image's of its name")
  func isolators() throws {
    let old = Isolator(.memory(.init(limit: Quantity(1))))
    let new = Isolator(.memory(.init(limit: Quantity(2))))
    let kept = Isolator(.noNewPrivileges(true))
    var assembly = PodAssembly(
      request: RunRequest(apps: [app { $0.isolators = [new] }]),
      images: [try image { $0.app?.isolators = [old, kept] }])
    #expect(try assembly.podManifest().apps[0].app?.isolators == [kept, new])
  }

  @Test("the pod manifest can be read back as it was made")
  func roundTrip() throws {
    var request = RunRequest(apps: [app { $0.mounts = [Mount(volume: "v", path: "/v")] }])
    request.volumes = [.host(name: "v", source: "/host", readOnly: true)]
    var assembly = PodAssembly(request: request, images: [try image()])
    let manifest = try assembly.podManifest()
    #expect(try PodManifest.read(manifest.serialized(.pretty), mode: .strict).value == manifest)
  }
}

@Suite("Naming an image")
struct ImageArgumentTests {
  @Test("by file", arguments: ["/a/b", "./x", "../x", "x.aci", "sub/x.aci"])
  func files(text: String) throws { #expect(try ImageArgument(text) == .file(FilePath(text))) }

  @Test(
    "by what the store knows", arguments: ["example.com/a", "a:1.0", "a,version=1,os=linux", "sha512-ab"])
  func stored(text: String) throws {
    guard case .stored = try ImageArgument(text) else {
      Issue.record("\(text) is taken for a file")
      return
    }
  }

  @Test("not at all", arguments: ["", "https://a/b.aci", "docker://busybox", "UPPER", "a b", "a:b:c"])
  func refused(text: String) { #expect(throws: EngineError.self) { try ImageArgument(text) } }
}
