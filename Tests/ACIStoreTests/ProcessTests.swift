import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Many processes and threads", .serialized)
struct ProcessTests {
  static let image = TestImage("ex/a", files: ["a": String(repeating: "x", count: 1 << 18), "b/c": "2"])
  static let gzipped = image.gzipped

  @Test("threads that import the same image at once give one copy, and one of them brought it")
  func threads() async throws {
    try await TestStore.with { store, _ in
      let imported = try await inParallel(16) { _ in try store.importImage(Self.gzipped) }
      #expect(Set(imported.map(\.record.id)).count == 1)
      #expect(imported.filter { !$0.wasPresent }.count == 1)
      #expect(try store.images().count == 1)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("threads that import, remove, render and collect the same images leave a sound store")
  func storm() async throws {
    try await TestStore.with { store, _ in
      let images = (0..<3).map { TestImage("ex/a\($0)", files: ["f": "\($0)"]).bytes }
      _ = try await inParallel(12) { task in
        for round in 0..<8 {
          let id = try store.importImage(images[(task + round) % 3]).record.id
          do throws(StoreError) {
            switch task % 4 {
            case 0: try store.remove(id)
            case 1: _ = try store.collectGarbage(.init(imageGrace: .zero))
            default: _ = try store.render(id)
            }
          } catch {
            // Somebody else was faster, or is still reading.
            guard [.notFound, .busy].contains(error.code) else { throw error }
          }
        }
      }
      for bytes in images { _ = try store.importImage(bytes) }
      for record in try store.images() { _ = try store.render(record.id) }
      #expect(try store.images().count == 3)
      _ = try store.collectGarbage()
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("processes that import the same image at once give one copy")
  func processes() async throws {
    try await TestStore.with { store, directory in
      try directory.write(Self.gzipped, to: "a.aci")
      let path = directory.path.string
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            await #expect(processExitsWith: .success) { [path = path as String] in
              let store = try ImageStore.open(at: FilePath("\(path)/store"))
              _ = try store.importImage(from: FilePath("\(path)/a.aci"))
            }
          }
        }
      }
      #expect(try store.images().count == 1)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }
}
