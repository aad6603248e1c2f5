import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import SystemPackage
import Testing

@Suite("Importing an image")
struct ImportTests {
  @Test("the ID is that of the uncompressed tar, whatever the compression (C1)")
  func identity() throws {
    try TestStore.with { store, _ in
      let image = TestImage("example.com/a", files: ["etc/motd": "hello"])
      let plain = try store.importImage(image.bytes)
      let packed = try store.importImage(image.gzipped)
      #expect(plain.record.id == packed.record.id)
      #expect(!plain.wasPresent)
      #expect(packed.wasPresent)
      #expect(try store.imageIDs() == [plain.record.id])
    }
  }

  @Test("what is listed is what the manifest says")
  func record() throws {
    try TestStore.with { store, _ in
      let image = TestImage("example.com/a", labels: [("version", "1.2"), ("os", "linux")])
      let imported = try store.importImage(image.bytes, options: .init(isLatest: true, origin: "a.aci"))
      let record = try #require(try store.images().first)
      #expect(record == imported.record)
      #expect(record.name.text == "example.com/a")
      #expect(record.version == "1.2")
      #expect(record.tarBytes == Int64(image.bytes.count))
      #expect(record.isLatest)
      #expect(record.origin == "a.aci")
    }
  }

  @Test("progress grows to the size of the image, and a handler that throws leaves nothing")
  func progress() throws {
    struct Enough: Error {}
    try TestStore.with { store, directory in
      let bytes = TestImage("ex/a", files: ["a": String(repeating: "x", count: 1 << 20)]).bytes
      let before = try directory.contents()
      let error = #expect(throws: StoreError.self) {
        try store.importImage(
          bytes, options: .init(progress: { if $0.expandedBytes > 1 << 19 { throw Enough() } }))
      }
      #expect(error?.code == .stopped && error?.cause is Enough)
      #expect(try directory.contents() == before)
      let tooFar = Int64(bytes.count)
      _ = try store.importImage(
        bytes, options: .init(progress: { if $0.expandedBytes > tooFar { throw Enough() } }))
    }
  }

  @Test("the manifest's bytes come back as they were")
  func manifest() throws {
    try TestStore.with { store, _ in
      let text = #"{ "acKind":"ImageManifest", "acVersion":"0.8.11", "name":"example.com/a", "x-own": 1.50 }"#
      let image = TestImage(manifest: Array(text.utf8), entries: [.directory("rootfs")])
      let id = try store.importImage(image.bytes).record.id
      #expect(try store.manifest(of: id).bytes == Array(text.utf8))
    }
  }
}
