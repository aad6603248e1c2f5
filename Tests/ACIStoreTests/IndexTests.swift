import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("The index of names")
struct IndexTests {
  @Test("is rebuilt from nothing, with records that are lost, and a second time changes nothing")
  func rebuilt() throws {
    try TestStore.with { store, directory in
      let a = try store.importImage(TestImage("ex/a", labels: [("version", "1")]).bytes).record.id
      let b = try store.importImage(TestImage("ex/b").bytes).record.id
      let before = try directory.contents()
      try remove(store, StoreLayout.names.appending("ex,a").appending("\(a)"))
      try remove(store, StoreLayout.record(b))
      try remove(store, StoreLayout.names.appending("ex,b").appending("\(b)"))
      let report = try store.rebuildIndex()
      #expect((report.recordsRestored, report.entriesAdded, report.filesRemoved) == (1, 2, 0))
      #expect(try store.resolve(try ImageReference("ex/a:1")) == a)
      #expect(try store.resolve(try ImageReference("ex/b")) == b)
      #expect(try directory.contents().filter { $0 != "store/names/.boot" } == before)
      #expect(try store.rebuildIndex() == IndexReport())
    }
  }

  @Test("loses what leads nowhere or to an image of another name")
  func strays() throws {
    try TestStore.with { store, directory in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let gone = String(repeating: "0", count: 128)
      for path in ["names/ex,gone", "names/ex,a"] {
        try directory.write("", to: "store/\(path)/sha512-\(gone)")
      }
      try directory.write("", to: "store/names/ex,other/\(id)")
      try directory.write("{}", to: "store/images/sha512-\(gone).json")
      try directory.write("", to: "store/used/sha512-\(gone)")
      let report = try store.rebuildIndex()
      #expect(report.filesRemoved == 5)
      #expect(try names(store.path.appending("names")) == [".boot", "ex,a"])
      #expect(try names(store.path.appending("names/ex,a")) == ["\(id)"])
      #expect(try names(store.path.appending("images")).count == 2)
      #expect(try names(store.path.appending("used")) == ["\(id)"])
    }
  }

  @Test("tells of images whose record is lost and whose blob is damaged, and does the rest")
  func damaged() throws {
    try TestStore.with { store, directory in
      let bad = try store.importImage(TestImage("ex/a").bytes).record.id
      let good = try store.importImage(TestImage("ex/b").bytes).record.id
      try remove(store, StoreLayout.record(bad))
      try remove(store, StoreLayout.record(good))
      let blob = store.path.pushing(StoreLayout.blob(bad))
      _ = blob.withPlatformString { chmod($0, 0o600) }
      let file = try FileDescriptor.open(blob, .writeOnly)
      try file.closeAfter { _ = try file.writeAll([UInt8](repeating: 0xFF, count: 512)) }
      let report = try store.rebuildIndex()
      #expect(report.problems.count == 1 && report.recordsRestored == 1)
      #expect(try store.resolve(try ImageReference("ex/b")) == good)
    }
  }

  @Test("is right after threads have rebuilt it while others import and remove")
  func concurrent() async throws {
    try await TestStore.with { store, _ in
      let images = (0..<3).map { TestImage("ex/a\($0)", files: ["f": "\($0)"]).bytes }
      _ = try await inParallel(8) { task in
        for round in 0..<10 {
          if task < 2 {
            _ = try store.rebuildIndex()
          } else {
            let id = try store.importImage(images[(task + round) % 3]).record.id
            do throws(StoreError) {
              try store.remove(id)
            } catch {
              guard [.notFound, .busy].contains(error.code) else { throw error }
            }
          }
        }
      }
      let ids = try images.map { try store.importImage($0).record.id }
      for number in 0..<3 { #expect(try store.resolve(try ImageReference("ex/a\(number)")) == ids[number]) }
      #expect(try store.rebuildIndex() == IndexReport())
    }
  }

  @Test("a record that was derived takes the place of none that an import wrote meanwhile, which says more")
  func derivedRecord() throws {
    try TestStore.with { store, _ in
      let image = TestImage("ex/a").bytes
      let id = try store.importImage(image).record.id
      try remove(store, StoreLayout.record(id))
      let importing = try store.lockShard(of: id)
      let derived = try store.record(of: id)
      #expect(derived.origin == nil && !exists(store.path.pushing(StoreLayout.record(id))))
      importing.release()
      let imported = try store.importImage(image, options: .init(isLatest: true, origin: "there")).record
      try store.keepDerived(derived)
      let stored = try #require(try store.storedRecord(of: id))
      #expect(imported.isLatest && stored.isLatest && stored.origin == "there")
      try remove(store, StoreLayout.record(id))
      _ = try store.record(of: id)
      #expect(exists(store.path.pushing(StoreLayout.record(id))))
    }
  }

  private func remove(_ store: ImageStore, _ name: FilePath) throws {
    guard store.path.pushing(name).withPlatformString({ unlink($0) }) == 0 else {
      throw Errno(rawValue: errno)
    }
  }
}
