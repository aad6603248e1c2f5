import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

extension CrashTests {
  @Suite("A process that is killed", .enabled(if: ForkedProcess.isPossible))
  struct KillTests {
    #if DEBUG
      @Test(
        "before any one of its system calls leaves whole images and outputs, and nothing that the next one does not remove",
        .timeLimit(.minutes(10)), arguments: KilledLife.allCases)
      func everyCall(of life: KilledLife) async throws {
        try await TemporaryDirectory.with(.memory) { directory in
          let path = directory.path.string
          let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
          ) { [path = path as String, life = life as KilledLife] in
            let victim = try KilledProcess(life, in: FilePath("\(path)"))
            var point = 1
            while try victim.isKilled(before: point) { point += 1 }
            print("kill: \(life.rawValue), killed before each of \(point - 1) system calls")
          }
          print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self), terminator: "")
        }
      }
    #endif

    @Test(
      "at random moments leaves whole images, and nothing that a collection does not remove",
      .timeLimit(.minutes(60)))
    func randomMoments() async throws {
      try await TemporaryDirectory.with(.memory) { directory in
        let path = directory.path.string
        let result = await #expect(
          processExitsWith: .success, observing: [\.standardOutputContent]
        ) { [path = path as String] in
          let victim = try KilledProcess(.storing, in: FilePath("\(path)"))
          let kills = getenv("APPC_KILLS").flatMap { Int(String(cString: $0)) } ?? 1000
          print(try victim.isKilled(atRandom: kills))
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self), terminator: "")
      }
    }
  }
}

/// What a process does until it is killed.
enum KilledLife: String, CaseIterable, Codable {
  case storing = "import, render, gc, rm"
  case writing = "export and extract"
}

/// A process that is killed at the same work again and again, in the same store.
struct KilledProcess {
  private static let small = TestImage(
    "ex/small", files: ["a": String(repeating: "x", count: 5000), "b/c": "2"])
  /// Large enough that every thread runs.
  private static let large = TestImage(
    "ex/large", files: ["a": String(repeating: "0123456789abcdef", count: 5 << 15)])

  private let life: KilledLife
  private let path: FilePath
  private let outputs: FilePath
  private let files: [FilePath]
  private let store: ImageStore

  init(_ life: KilledLife, in directory: FilePath) throws {
    self.life = life
    path = directory.appending("store")
    outputs = directory.appending("outputs")
    _ = outputs.withPlatformString { mkdir($0, 0o700) }
    files = try [Self.small, Self.large].map { image in
      let file = directory.appending("\(image.bytes.count).aci")
      let descriptor = try FileDescriptor.open(
        file, .writeOnly, options: .create, permissions: .ownerReadWrite)
      try descriptor.closeAfter { _ = try descriptor.writeAll(image.gzipped) }
      return file
    }
    store = try ImageStore.open(at: path)
    _ = try store.importImage(Self.small.bytes)
  }

  /// What the process does, whatever one that was killed before has left.
  private func live() throws {
    switch life {
    case .storing: try storeImages(try ImageStore.open(at: path))
    case .writing: try writeOutputs()
    }
  }

  private func storeImages(_ store: ImageStore) throws {
    for file in files {
      let id = try store.importImage(from: file, options: .init(rendersTree: true)).record.id
      _ = try store.render(id)
      _ = try store.collectGarbage()
      try store.remove(id)
    }
  }

  private func writeOutputs() throws {
    let id = try store.importImage(Self.small.bytes).record.id
    try store.export(id, to: outputs.appending("out.aci"), overwrite: true)
    try store.render(id, to: outputs.appending("tree"), options: .init(rootfsOnly: true, overwrite: true))
    try store.render(id, to: outputs.appending("both"), options: .init(overwrite: true))
  }

  #if DEBUG
    /// Kills a process before its system call number `point`; false when it came to its end before.
    func isKilled(before point: Int) throws -> Bool {
      store.removeEmptyShards()
      let process = try ForkedProcess.start {
        try FaultInjection(.kill, at: point).attached { try live() }
        return 0
      }
      let end = try process.end()
      #expect([.exited(0), .killed(SIGKILL)].contains(end), "at call \(point)")
      try checkStore("killed before call \(point)")
      switch life {
      case .storing: try checkCollected("killed before call \(point)")
      case .writing: try checkOutputs("killed before call \(point)")
      }
      return end == .killed(SIGKILL)
    }
  #endif

  /// Kills as many processes, each at a moment of its life that is as likely as any other; tells what came of it.
  func isKilled(atRandom count: Int) throws -> String {
    let whole = try ContinuousClock().measure {
      let process = try ForkedProcess.start {
        try live()
        return 0
      }
      #expect(try process.end() == .exited(0))
    }
    let microseconds = whole.components.seconds * 1_000_000 + whole.components.attoseconds / 1_000_000_000_000
    var ends: [ForkedProcess.End: Int] = [:]
    for number in 1...count {
      let process = try ForkedProcess.start {
        while true { try live() }
      }
      usleep(UInt32(clamping: Int64.random(in: 0...microseconds)))
      process.kill()
      ends[try process.end(), default: 0] += 1
      try checkStore("kill \(number)")
      // The next ones live with what these left.
      if number % 10 == 0 { try checkCollected("kill \(number)") }
    }
    try checkCollected("the last kill")
    #expect(ends == [.killed(SIGKILL): count])
    return "kill: \(count) processes, each at a random moment of \(whole): nothing damaged, nothing left"
  }

  private func checkStore(_ moment: String) throws {
    #expect(try Invariants.violations(in: store) == [], "\(moment)")
  }

  private func checkCollected(_ moment: String) throws {
    #expect(try store.collectGarbage().problems == [], "\(moment)")
    #expect(try Invariants.leftovers(in: store) == [], "\(moment)")
    #expect(try names(path.appending("trees")) == [], "\(moment)")
  }

  /// An output is whole or not there, and the next process leaves nothing of what this one left.
  private func checkOutputs(_ moment: String) throws {
    for name in try names(outputs) where !name.hasPrefix(".") {
      let output = outputs.appending(name)
      switch name {
      case "out.aci": #expect(try contents(of: output) == Self.small.bytes, "\(moment)")
      case "tree": #expect(try names(output) == ["a", "b"], "\(moment)")
      case "both": #expect(try names(output) == ["manifest", "rootfs"], "\(moment)")
      default: Issue.record("\(name): \(moment)")
      }
    }
    try writeOutputs()
    #expect(try names(outputs) == ["both", "out.aci", "tree"], "\(moment)")
  }
}
