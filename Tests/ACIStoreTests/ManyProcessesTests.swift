import ACIStore
import AppcTesting
import Glibc
import SystemPackage
import Testing

extension CrashTests {
  @Suite("Two hundred processes", .enabled(if: ForkedProcess.isPossible))
  struct ManyProcessesTests {
    @Test(
      "that import the same three images at once, beside collections, give one copy of each",
      .timeLimit(.minutes(5)))
    func importing() async throws {
      try await TemporaryDirectory.with(.memory) { directory in
        let path = directory.path.string
        await #expect(processExitsWith: .success) { [path = path as String] in
          let crowd = try Crowd(in: FilePath("\(path)"))
          let ends = try crowd.run(importers: 200, beside: [.collecting, .collecting])
          // Each exits with the number of images that it brought itself.
          let brought = ends.reduce(into: 0) { sum, end in
            if case .exited(let count) = end { sum += Int(count) }
          }
          #expect(ends.allSatisfy { if case .exited(0...3) = $0 { true } else { false } }, "\(ends)")
          #expect(brought == 3)
          try crowd.checkStore(images: 3)
        }
      }
    }

    @Test(
      "that import, beside others that remove the images and collect everything, all succeed",
      .timeLimit(.minutes(5)))
    func importingAndRemoving() async throws {
      try await TemporaryDirectory.with(.memory) { directory in
        let path = directory.path.string
        await #expect(processExitsWith: .success) { [path = path as String] in
          let crowd = try Crowd(in: FilePath("\(path)"))
          let ends = try crowd.run(
            importers: 200, beside: [.removing, .removing, .collecting, .collectingAll])
          #expect(ends.allSatisfy { if case .exited(0...3) = $0 { true } else { false } }, "\(ends)")
          // Once more by one that nobody disturbs: nothing that the others left is in its way.
          #expect(try crowd.run(importers: 1, beside: []).count == 1)
          try crowd.checkStore(images: 3)
        }
      }
    }
  }
}

/// Processes that use one store at the same time.
private struct Crowd {
  /// What a process does until there are no more importers.
  enum Neighbour {
    case collecting
    case collectingAll
    case removing
  }

  private let path: FilePath
  private let files: [FilePath]
  private let store: ImageStore

  init(in directory: FilePath) throws {
    path = directory.appending("store")
    files = try (0..<3).map { number in
      let image = TestImage("ex/a\(number)", files: ["f": String(repeating: "\(number)", count: 1 << 14)])
      let path = directory.appending("\(number).aci")
      let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(image.gzipped) }
      return path
    }
    store = try ImageStore.open(at: path)
  }

  /// Starts all, lets them go at once, and tells how the importers ended.
  func run(importers count: Int, beside neighbours: [Neighbour]) throws -> [ForkedProcess.End] {
    let gate = try FileDescriptor.pipe()
    let others = try neighbours.map { neighbour in
      try ForkedProcess.start {
        try Crowd.pass(gate)
        try live(as: neighbour)
      }
    }
    let importers = try (0..<count).map { _ in
      try ForkedProcess.start {
        try Crowd.pass(gate)
        return try importAll()
      }
    }
    try gate.readEnd.close()
    try gate.writeEnd.close()
    let ends = try importers.map { try $0.end() }
    for other in others { other.kill() }
    // Killed at their work, unless something was wrong with it.
    for other in others { #expect(try other.end() == .killed(SIGKILL)) }
    return ends
  }

  /// The store is sound, and has these images and, after a collection, nothing else.
  func checkStore(images: Int) throws {
    #expect(try Invariants.violations(in: store) == [])
    #expect(try store.collectGarbage().problems == [])
    #expect(try Invariants.leftovers(in: store) == [])
    #expect(try store.imageIDs().count == images)
  }

  private func importAll() throws -> Int32 {
    let store = try ImageStore.open(at: path)
    return try files.reduce(0) { try $0 + (store.importImage(from: $1).wasPresent ? 0 : 1) }
  }

  /// Waits until nobody can write into the gate any more.
  private static func pass(_ gate: (readEnd: FileDescriptor, writeEnd: FileDescriptor)) throws {
    try gate.writeEnd.close()
    try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { _ = try gate.readEnd.read(into: $0) }
  }

  private func live(as neighbour: Neighbour) throws -> Never {
    let store = try ImageStore.open(at: path)
    while true {
      switch neighbour {
      case .collecting: _ = try store.collectGarbage()
      case .collectingAll: _ = try store.collectGarbage(.init(imageGrace: .zero))
      case .removing:
        for id in try store.imageIDs() {
          do throws(StoreError) {
            try store.remove(id)
          } catch {
            // Somebody else was faster, or is reading it.
            guard [.notFound, .busy].contains(error.code) else { throw error }
          }
        }
      }
    }
  }
}
