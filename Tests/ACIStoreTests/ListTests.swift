import ACIArchive
import AppcSchema
import AppcTesting
import Testing

@testable import ACIStore

@Suite("The list of images")
struct ListTests {
  @Test("is ordered by name, then by the time of import", arguments: [3, 1200])
  func order(_ count: Int) throws {
    try TestStore.with { store, _ in
      let manifest = try ImageManifest.read(TestImage("ex/a").manifest).value
      var expected: [ImageID] = []
      // The blobs are empty, and so nobody may look into them; IDs run against the order.
      for number in 0..<count {
        let id = try #require(
          ImageID(digest: (0..<64).map { UInt8(truncatingIfNeeded: (count - number) >> ($0 % 16)) }))
        var named = manifest
        named.name = try ACIdentifier("ex/a" + String(repeating: "b", count: number / 400))
        let record = ImageRecord(
          id: id, manifest: named, tarBytes: 0, importedAt: FileTime(seconds: Int64(number)), isLatest: false,
          origin: nil)
        _ = try Kernel.createFile(store.root.descriptor, StoreLayout.blob(id))
        let file = try Kernel.createFile(store.root.descriptor, StoreLayout.record(id))
        try Kernel.writeAll(file.raw, record.serialized())
        expected.append(id)
      }
      #expect(try store.images().map(\.id) == expected)
    }
  }

  @Test("has an image whose record is lost or longer than usual, and one of many labels")
  func unusual() throws {
    try TestStore.with { store, _ in
      let labels = (0..<2000).map { ("label\($0)", "value of label number \($0)") }
      let long = try store.importImage(TestImage("ex/long", labels: labels).bytes).record
      let lost = try store.importImage(TestImage("ex/lost").bytes).record
      try store.root.removeFile(StoreLayout.record(lost.id))
      let listed = try store.images()
      #expect(listed.map(\.id) == [long.id, lost.id])
      #expect(listed.first?.labels.count == 2000)
    }
  }
}
