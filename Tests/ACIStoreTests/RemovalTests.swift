import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Removing and exporting images")
struct RemovalTests {
  @Test("a removed image is gone with its record, its index entry and its manifest")
  func remove() throws {
    try TestStore.with { store, directory in
      let before = try directory.contents()
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      try store.remove(id)
      #expect(try directory.contents() == before)
      let error = #expect(throws: StoreError.self) { try store.remove(id) }
      #expect(error?.code == .notFound)
    }
  }

  @Test("an image that somebody reads is not removed")
  func busy() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let reader = try FileLock(at: store.path.appending("blobs/sha512/\(id.hex.prefix(2))/\(id)"), .shared)
      let error = #expect(throws: StoreError.self) { try store.remove(id) }
      #expect(error?.code == .busy)
      reader.release()
      try store.remove(id)
    }
  }

  @Test("an export is the tar that was imported, byte for byte")
  func export() throws {
    try TestStore.with { store, directory in
      let image = TestImage("ex/a", files: ["a": "1"])
      let id = try store.importImage(image.gzipped).record.id
      let output = directory.appending("out.aci")
      try store.export(id, to: output)
      #expect(try contents(of: output) == image.bytes)
      #expect(try names(directory.path) == ["out.aci", "store"])
    }
  }

  @Test("an export replaces a file only when told to")
  func overwrite() throws {
    try TestStore.with { store, directory in
      let image = TestImage("ex/a")
      let id = try store.importImage(image.bytes).record.id
      let output = try directory.write("precious", to: "out.aci")
      let error = #expect(throws: StoreError.self) { try store.export(id, to: output) }
      #expect(error?.code == .exists)
      #expect(try contents(of: output) == Array("precious".utf8))
      try store.export(id, to: output, overwrite: true)
      #expect(try contents(of: output) == image.bytes)
      #expect(try names(directory.path) == ["out.aci", "store"])
    }
  }
}
