import AppcSchema
import CAppcLinux
import SystemPackage
import Testing

@testable import Stage
@testable import StageInitPlan

@Suite("A launch plan")
struct PlanTests {
  private func plan(
    _ change: (inout PodSpecification) -> Void = { _ in }, apps: [String] = ["web"],
    cgroups: CgroupHierarchies = .init(unified: "/cg")
  ) throws -> LaunchPlan {
    let named = try apps.map { try ACName($0) }
    let manifest = PodManifest(
      apps: named.map { RuntimeApp(name: $0, image: RuntimeImage(), app: App(exec: ["true", "x"])) })
    var specification = PodSpecification(
      uuid: try PodUUID("6733c088-a507-4694-aabf-e2dc8ea5266f"), manifest: manifest,
      roots: Dictionary(uniqueKeysWithValues: named.map { ($0, .overlay("/host/tree")) }))
    change(&specification)
    let identities = Dictionary(
      uniqueKeysWithValues: named.map { ($0, LaunchPlanner.Identity(uid: 0, gid: 0)) })
    var sources: [Volume: VolumeSource] = [:]
    for volume in specification.manifest.volumes where volume.kind == .host {
      sources[volume] = VolumeSource(path: FilePath(volume.source ?? ""), isDirectory: true)
    }
    let groups = CgroupPlan(
      uuid: specification.uuid, hierarchies: cgroups, apps: apps, podLimits: ResourceLimits(), appLimits: [:],
      devices: .standard)
    return try LaunchPlanner(
      specification: specification, identities: identities, sources: sources, cgroups: groups, oomScore: 0
    ).plan()
  }

  @Test("reads back as what was compiled")
  func roundTrip() throws {
    let plan = try plan(apps: ["a", "b"])
    let bytes = plan.compiled()
    try bytes.withUnsafeBytes { buffer in
      let reader = try #require(
        PlanReader(buffer, magic: UInt32(APPC_PLAN_MAGIC), version: UInt32(APPC_PLAN_VERSION)))
      #expect(Int(reader.descriptorCount) == plan.descriptors.count)
      #expect(Int(reader.keptDescriptors) == plan.keptDescriptors)
      #expect(plan.descriptors[Int(reader.appsDirectory)] == .appsDirectory)
      #expect(reader.apps.count == 2)
      for (read, app) in zip(reader.apps, plan.apps) {
        var steps = read.steps
        var count = 0
        while steps.next() != nil { count += 1 }
        #expect(count == app.steps.count)
        #expect(bytesOf(read.process.name) == Array(app.name.utf8))
        #expect(read.process.arguments.map(bytesOf) == app.process.arguments)
        #expect(read.process.environment.map(bytesOf) == app.process.environment)
        #expect(read.process.candidates.map(bytesOf) == app.process.candidates)
        #expect(read.process.uid == app.process.uid)
      }
    }
  }

  private func bytesOf(_ blob: PlanBlob) -> [UInt8] {
    (0..<blob.count).map { blob.cString[$0] }
  }

  @Test("that is cut short or changed is refused or read within its bounds, and never crashes pid 1")
  func damage() throws {
    let bytes = try plan().compiled()
    for length in stride(from: 0, to: bytes.count, by: 3) {
      #expect(Self.read(Array(bytes[..<length])) == false)
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let offset = Int.random(in: 0..<bytes.count, using: &generator)
        damaged[offset] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
      }
      _ = Self.read(damaged)
    }
  }

  /// Reads a plan as pid 1 does, every operand of every step included.
  private static func read(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      guard
        let reader = PlanReader(buffer, magic: UInt32(APPC_PLAN_MAGIC), version: UInt32(APPC_PLAN_VERSION))
      else { return false }
      for section in [reader.podSteps] + reader.apps.map(\.steps) {
        var section = section
        while let step = section.next() {
          var numbers = step.operands
          while numbers.number() != nil {}
          var blobs = step.operands
          while let blob = blobs.blob() { _ = blob.cString[blob.count] }
        }
      }
      return true
    }
  }

  @Test("names no path of the host in what enters the pod")
  func noHostPath() throws {
    let plan = try plan { specification in
      specification.manifest.volumes = [.host(name: "data", source: "/host/data")]
      specification.manifest.apps[0].mounts = [Mount(volume: "data", path: "/data")]
    }
    let compiled = plan.compiled()
    #expect(!compiled.contains(Array("/host".utf8)))
    #expect(compiled.contains(Array("/data".utf8)))
  }

  @Test("hides and protects paths after every mount, and enters the root last")
  func orderOfSteps() throws {
    let plan = try plan { specification in
      specification.manifest.volumes = [.empty(name: "b"), .empty(name: "a")]
      specification.manifest.apps[0].mounts = [
        Mount(volume: "a", path: "/x/y/z"), Mount(volume: "b", path: "/x"),
      ]
    }
    let steps = plan.apps[0].steps
    let attached = steps.indices.filter { if case .attach = steps[$0] { true } else { false } }
    let masks = steps.indices.filter { if case .mask = steps[$0] { true } else { false } }
    #expect(try #require(attached.last) < #require(masks.first))
    #expect(steps.last == .enterRoot)
    // Shallow before deep, or the deep one would be hidden.
    #expect(
      attached.compactMap { if case .attach(_, let volume, _, _) = steps[$0] { volume } else { nil } } == [
        "b", "a",
      ])
  }

  @Test("keeps locks and the status directory in front, and nothing else while apps run")
  func keptDescriptors() throws {
    let plan = try plan { $0.leases = [.standardInput] }
    #expect(plan.descriptors[..<plan.keptDescriptors].elementsEqual([.lock, .lease(0), .appsDirectory]))
  }

  @Test("is printed with a line for every step and every descriptor")
  func description() throws {
    let plan = try plan()
    let lines = plan.description.split(separator: "\n")
    #expect(lines.count >= plan.descriptors.count + plan.podSteps.count + plan.apps[0].steps.count)
    #expect(plan.description.contains("app web: mounting proc at /proc, nosuid, nodev, noexec"))
    #expect(plan.description.contains("running true x"))
  }

  @Test("leaves the paths of /proc alone only when asked to")
  func exceptions() throws {
    func masks(_ plan: LaunchPlan) -> Int {
      plan.apps[0].steps.count { if case .mask = $0 { true } else { false } }
    }
    #expect(masks(try plan()) > 10)
    #expect(masks(try plan { $0.exceptions = [.paths] }) == 0)
    #expect(try plan { $0.exceptions = [.capabilities] }.apps[0].process.capabilities == .everything)
  }

  @Test("with the host's network has neither a namespace nor a loopback of its own")
  func hostNetwork() throws {
    #expect(try plan().ownNetwork && plan().podSteps.contains(.loopbackUp))
    let host = try plan { $0.network = .host }
    #expect(!host.ownNetwork && !host.podSteps.contains(.loopbackUp))
  }

  @Test("turns a failed step into that step's sentence")
  func sentences() throws {
    let plan = try plan()
    let index = try #require(plan.apps[0].steps.firstIndex(of: .enterRoot))
    #expect(plan.sentence(app: 0, step: UInt32(index)) == "making the root its own")
    #expect(plan.sentence(app: 0, step: UInt32(APPC_AT_EXEC)) == "executing true")
    #expect(plan.sentence(app: nil, step: 9999) == "step 9999")
    #expect(plan.sentence(app: 77, step: 0) == plan.podSteps[0].sentence)
  }
}

@Suite("Status text")
struct StatusRecordTests {
  @Test("is one JSON object, for every end of an app")
  func text() throws {
    for (status, key, value) in [
      (nil, "pid", 12), (0, "exitStatus", 0), (7 << 8, "exitStatus", 7), (9, "signal", 9),
    ] as [(Int32?, String, Int)] {
      let record = try JSONValue.parse(StatusRecord(pid: 12, waitStatus: status).text())
      #expect(record[key]?.number?.integer(as: Int.self) == value)
      #expect(record["pid"]?.number?.integer(as: Int.self) == 12)
    }
  }
}
