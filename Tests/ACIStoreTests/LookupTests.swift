import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Finding an image")
struct LookupTests {
  @Test("by its full ID, by a unique prefix of two digits or more, and by name")
  func references() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a", labels: [("version", "1")]).bytes).record.id
      for text in ["\(id)", "sha512-\(id.hex.prefix(2))", "sha512-\(id.hex.prefix(64))", "ex/a", "ex/a:1"] {
        #expect(try store.resolve(try ImageReference(text)) == id, "\(text)")
      }
      for text in ["ex/b", "ex/a:2", "ex/a,os=linux", "sha512-" + (id.hex.hasPrefix("0") ? "ff" : "00")] {
        let error = #expect(throws: StoreError.self) { try store.resolve(try ImageReference(text)) }
        #expect(error?.code == .notFound, "\(text)")
      }
    }
  }

  @Test("a prefix of several images is refused, saying so")
  func ambiguous() throws {
    try TestStore.with { store, _ in
      var byShard: [Substring: Int] = [:]
      var shared: Substring?
      // 257 images cannot all differ in their first byte.
      for number in 0..<257 where shared == nil {
        let id = try store.importImage(TestImage("ex/a\(number)").bytes).record.id
        byShard[id.hex.prefix(2), default: 0] += 1
        if byShard[id.hex.prefix(2)] == 2 { shared = id.hex.prefix(2) }
      }
      let prefix = try ImageReference("sha512-\(try #require(shared))")
      let error = #expect(throws: StoreError.self) { try store.resolve(prefix) }
      #expect(error?.code == .ambiguous)
    }
  }

  @Test("without a version, an image imported as latest goes before newer ones; with one, the newest import")
  func latest() throws {
    try TestStore.with { store, _ in
      let latest = try store.importImage(
        TestImage("ex/a", labels: [("version", "2")]).bytes, options: .init(isLatest: true)
      ).record.id
      let newer = try store.importImage(TestImage("ex/a", labels: [("version", "1")]).bytes).record.id
      #expect(try store.resolve(try ImageReference("ex/a")) == latest)
      #expect(try store.resolve(try ImageReference("ex/a:1")) == newer)
      let other = try store.importImage(
        TestImage("ex/a", labels: [("version", "1"), ("os", "linux")]).bytes
      ).record.id
      #expect(try store.resolve(try ImageReference("ex/a:1")) == other)
    }
  }

  @Test("importing an old image as latest again makes it the one preferred")
  func latestAgain() throws {
    try TestStore.with { store, _ in
      let old = TestImage("ex/a", labels: [("version", "1")])
      let new = TestImage("ex/a", labels: [("version", "2")])
      let id = try store.importImage(old.bytes, options: .init(isLatest: true)).record.id
      _ = try store.importImage(new.bytes, options: .init(isLatest: true))
      #expect(try store.resolve(try ImageReference("ex/a")) != id)
      _ = try store.importImage(old.bytes, options: .init(isLatest: true))
      #expect(try store.resolve(try ImageReference("ex/a")) == id)
    }
  }

  @Test("records, manifests and index are derived from the blobs when they are lost or damaged")
  func derived() throws {
    try TestStore.with { store, directory in
      let id = try store.importImage(TestImage("ex/a", labels: [("version", "1")]).bytes).record.id
      for name in try names(store.path.appending("images")) {
        try directory.write("{\"id\": ", to: "store/images/\(name)")
      }
      for name in try names(store.path.appending("names/ex,a")) {
        _ = store.path.appending("names/ex,a/\(name)").withPlatformString { unlink($0) }
      }
      // What a power cut leaves is found at the first look in another boot.
      _ = store.path.appending("names/.boot").withPlatformString { unlink($0) }
      #expect(try store.resolve(try ImageReference("ex/a:1")) == id)
      #expect(try store.images().map(\.name.text) == ["ex/a"])
      #expect(try store.manifest(of: id).manifest.name.text == "ex/a")
    }
  }

  @Test("names that differ only below 200 bytes, or in a slash and a dash, are told apart")
  func longNames() throws {
    try TestStore.with { store, _ in
      let long = String(repeating: "a", count: 300)
      let first = try store.importImage(TestImage(long + "1").bytes).record.id
      let second = try store.importImage(TestImage(long + "2").bytes).record.id
      #expect(try store.resolve(.name(try ACIdentifier(long + "1"), Labels())) == first)
      #expect(try store.resolve(.name(try ACIdentifier(long + "2"), Labels())) == second)
    }
  }
}
