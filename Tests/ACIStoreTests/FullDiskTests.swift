import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("On a full disk", .enabled(if: geteuid() == 0), .serialized)
struct FullDiskTests {
  @Test("an import leaves nothing, and says that the disk is full")
  func importing() throws {
    try withSmallDisk { store, directory in
      let image = TestImage("ex/a", files: ["big": String(repeating: "x", count: 4 << 20)])
      let before = try directory.contents()
      let error = #expect(throws: StoreError.self) { try store.importImage(image.bytes) }
      #expect(error?.code == .diskFull)
      #expect(error?.description.contains("disk is full") == true)
      #expect(try directory.contents() == before)
    }
  }

  @Test("a rendering leaves nothing")
  func rendering() throws {
    try withSmallDisk { store, directory in
      let image = TestImage("ex/a", files: ["big": String(repeating: "x", count: 3 << 19)])
      let id = try store.importImage(image.bytes).record.id
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .diskFull, "\(error.map { "\($0)" } ?? "rendered")")
      #expect(try names(store.path.appending("trees")) == [])
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("an image can be removed, and garbage collected")
  func removing() throws {
    try withSmallDisk { store, directory in
      let id = try store.importImage(TestImage("ex/a", files: ["a": "1"]).bytes).record.id
      let filler = directory.appending("filler")
      let file = try FileDescriptor.open(filler, .writeOnly, options: .create, permissions: .ownerReadWrite)
      while (try? file.writeAll([UInt8](repeating: 1, count: 4096))) != nil {}
      try file.close()
      // As after a reboot: what is to note that the index is complete finds no room.
      _ = store.path.appending("names/.boot").withPlatformString { unlink($0) }
      #expect(try store.resolve(try ImageReference("ex/a")) == id)
      try store.remove(id)
      #expect(try store.imageIDs() == [])
      _ = try store.collectGarbage()
    }
  }

  /// A store on a tmpfs of 2 MiB.
  private func withSmallDisk(_ body: (ImageStore, TemporaryDirectory) throws -> Void) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let mounted =
        directory.path.withPlatformString { mount("tmpfs", $0, "tmpfs", 0, "size=2m,mode=0700") } == 0
      guard mounted else { return }
      defer { _ = directory.path.withPlatformString { umount2($0, Int32(MNT_DETACH)) } }
      try body(try ImageStore.open(at: directory.appending("store")), directory)
    }
  }
}
