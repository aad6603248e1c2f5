import AppcSchema
import Testing

/// What keeps a pod manifest from being run (L15).
@Suite("The reified check")
struct ReificationTests {
  private static let id = ImageID(digest: [UInt8](repeating: 7, count: 64))

  private func app(_ name: ACName, _ app: App?, mounts: [Mount] = []) -> RuntimeApp {
    RuntimeApp(name: name, image: RuntimeImage(id: Self.id), app: app, mounts: mounts)
  }

  private func memory(_ limit: Int64) -> Isolator {
    Isolator(.memory(Isolator.ResourceRange(limit: Quantity(limit))))
  }

  private func problems(_ pod: PodManifest, image: ImageManifest? = nil) -> [String] {
    pod.reificationProblems { _ in image }.map { "\($0.severity) \($0.rule) \($0.path)" }
  }

  @Test("L15: a pod that has all it needs has no problems")
  func complete() {
    let pod = PodManifest(
      apps: [
        app(
          "a",
          App(
            exec: ["/a"], mountPoints: [MountPoint(name: "db", path: "/db/.")],
            ports: [Port(name: "http", port: 80, count: 2)], isolators: [memory(10)]),
          mounts: [Mount(volume: "data", path: "//db")])
      ], volumes: [.empty(name: "data")], isolators: [memory(10)],
      ports: [ExposedPort(name: "http", hostPort: 8080)])
    #expect(problems(pod) == [])
  }

  @Test("L15: every problem is reported at once, not the first alone")
  func allAtOnce() {
    let point = MountPoint(name: "db", path: "/db")
    let pod = PodManifest(
      apps: [
        RuntimeApp(name: "template", image: RuntimeImage(), app: App(exec: [], mountPoints: [point])),
        app("none", nil),
        app(
          "big",
          App(exec: ["/b"], ports: [Port(name: "http", port: 80)], isolators: [memory(11)]),
          mounts: [
            Mount(volume: "v", path: "/x"), Mount(volume: "missing", path: "/y"),
            Mount(volume: "v", path: "/x/"), Mount(volume: "v", path: "/y/z"),
          ]),
        app(
          "twin", App(exec: ["/t"], ports: [Port(name: "http", port: 81)], isolators: [memory(5)])),
      ], volumes: [.empty(name: "v")], isolators: [memory(10), Isolator(.noNewPrivileges(true))],
      ports: [
        ExposedPort(name: "http", hostPort: 80), ExposedPort(name: "smtp", hostPort: 25),
        ExposedPort(name: "own", hostPort: 0, podPort: Port(name: "own", port: 1)),
      ])
    let image = ImageManifest(name: "library")
    #expect(
      problems(pod, image: image) == [
        "error L4 $.apps[0].image",
        "error E1 $.apps[0]",
        "error K1 $.apps[0]",
        "error L6 $.apps[1]",
        "error K6 $.apps[2].mounts[1]",
        "error K2 $.apps[2].mounts[2]",
        "warning K2 $.apps[2].mounts[3]",
        "error J1 $.apps[2]",
        "warning J1 $.isolators",
        "warning J1 $.isolators[1]",
        "error L13 $.ports[0]",
        "error L13 $.ports[1]",
        "error L13 $.ports[2]",
      ])
  }

  @Test("L6: what an app runs is its own app, or else its image's; an image that is not at hand is said so")
  func images() {
    let pod = PodManifest(apps: [app("a", nil)])
    let image = ImageManifest(name: "i", app: App(exec: ["/i"], mountPoints: [.init(name: "m", path: "/m")]))
    #expect(problems(pod, image: image) == ["error K1 $.apps[0]"])
    #expect(problems(pod) == ["note L6 $.apps[0]"])
    #expect(problems(PodManifest()) == ["error L2 $.apps"])
  }

  @Test("J18: a sysctl of an app is a problem; K6: a volume of the mount's own needs none of the pod's")
  func scopes() {
    let sysctl = Isolator(.sysctl([.init(key: "kernel.msgmax", value: "1")]))
    let own = Mount(volume: "own", path: "/o", appVolume: .empty(name: "own"))
    let pod = PodManifest(apps: [app("a", App(exec: ["/a"], isolators: [sysctl]), mounts: [own])])
    #expect(problems(pod) == ["error J18 $.apps[0]"])
  }

  @Test("J1: what apps ask for must fit into the pod; what they may use together deserves a warning")
  func sums() {
    func pod(_ range: Isolator.ResourceRange) -> PodManifest {
      let isolator = Isolator(.memory(range))
      return PodManifest(
        apps: [
          app("a", App(exec: ["/a"], isolators: [isolator])),
          app("b", App(exec: ["/b"], isolators: [isolator])),
        ], isolators: [memory(10)])
    }
    #expect(problems(pod(.init(request: Quantity(5)))) == [])
    #expect(problems(pod(.init(request: Quantity(6)))) == ["error J1 $.isolators"])
    #expect(problems(pod(.init(limit: Quantity(6)))) == ["warning J1 $.isolators"])
  }
}
