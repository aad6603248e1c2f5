import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("Verifying beside other operations", .serialized)
struct VerificationRaceTests {
  static let images = (0..<4).map { TestImage("ex/a\($0)", files: ["f": "\($0)", "d/e": "x"]).bytes }

  @Test("threads that import, render, list, remove and collect never make a verification see damage")
  func storm() async throws {
    try await TestStore.with { store, _ in
      let found = try await inParallel(8) { task in
        var found: [VerificationFinding] = []
        for round in 0..<12 {
          let id = try store.importImage(Self.images[(task + round) % 4]).record.id
          do throws(StoreError) {
            switch task % 4 {
            case 0: try store.remove(id)
            case 1: _ = try store.collectGarbage(.init(imageGrace: .zero))
            case 2: _ = try store.render(id)
            default: found += try store.verify(.init(repairs: round % 2 == 0)).findings
            }
          } catch {
            // Somebody else was faster, or is still reading.
            guard [.notFound, .busy].contains(error.code) else { throw error }
          }
        }
        return found
      }
      #expect(found.flatMap { $0 }.map(\.description) == [])
      #expect(try store.verify().findings.map(\.description) == [])
      #expect(try store.quarantined() == [])
    }
  }

  @Test("threads that verify a damaged store at once put each thing aside once")
  func together() async throws {
    try await TestStore.with { store, _ in
      let ids = try Self.images.map { try store.importImage($0).record.id }
      for id in ids { _ = try store.render(id) }
      for id in ids.prefix(2) { try store.path.change(StoreLayout.blob(id).string, at: 512 * 4) }
      let trees = try store.treeIDs()
      try store.path.change("\(StoreLayout.tree(trees[3]))/rootfs/f")
      let findings = try await inParallel(4) { _ in try store.verify().findings }.flatMap { $0 }
      #expect(findings.filter { $0.action == .quarantined }.count <= 2)
      // What one of them was reading was in use for the others.
      _ = try store.verify()
      #expect(Set(try store.quarantined().map(\.id)) == Set(ids.prefix(2)))
      #expect(try store.quarantined().count == 2)
      #expect(try store.verify().findings.map(\.description) == [])
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test(
    "a verification killed at any moment can be run again, and no damaged byte is lost", arguments: 0..<12)
  func killed(_ round: Int) async throws {
    try await TestStore.with { store, directory in
      let ids = try Self.images.map { try store.importImage($0).record.id }
      for id in ids { _ = try store.render(id) }
      for id in ids.prefix(2) { try store.path.change(StoreLayout.blob(id).string, at: 512 * 4) }
      for tree in try store.treeIDs() { try store.path.change("\(StoreLayout.tree(tree))/rootfs/f") }
      let path = directory.path.string
      let microseconds = UInt32(round * 2000)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, microseconds = microseconds as UInt32] in
        let store = try ImageStore.open(at: FilePath("\(path)/store"))
        Task.detached {
          usleep(microseconds)
          kill(getpid(), SIGKILL)
        }
        while true { _ = try store.verify() }
      }
      _ = try store.verify()
      _ = try store.collectGarbage(.init(treeGrace: nil))
      #expect(try store.verify().findings.map(\.description) == [])
      #expect(Set(try store.quarantined().map(\.id)) == Set(ids.prefix(2)))
      #expect(Set(try store.imageIDs()) == Set(ids.suffix(2)))
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }
}
