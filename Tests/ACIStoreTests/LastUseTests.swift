import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("The last use of an image")
struct LastUseTests {
  @Test("is written at most once an hour, and at once when it lies in the future")
  func hourly() {
    let now = FileTime(seconds: 1_000_000)
    #expect(ImageStore.isRecent(FileTime(seconds: 1_000_000), now))
    #expect(ImageStore.isRecent(FileTime(seconds: 1_000_000 - 3599), now))
    #expect(!ImageStore.isRecent(FileTime(seconds: 1_000_000 - 3600), now))
    #expect(!ImageStore.isRecent(FileTime(seconds: 1_000_001), now))
    #expect(!ImageStore.isRecent(FileTime(seconds: .min), now))
    #expect(!ImageStore.isRecent(FileTime(seconds: .max), FileTime(seconds: .min)))
  }

  @Test("is noted by everything that reads an image, also for those that it depends on")
  func everyReader() throws {
    try TestStore.with { store, directory in
      let base = try store.importImage(TestImage("ex/base").bytes).record.id
      let top = try store.importImage(TestImage("ex/top", dependencies: [["imageName": "ex/base"]]).bytes)
        .record.id
      let readers: [(String, (ImageID) throws -> Void)] = [
        ("withBlob", { _ = try store.withBlob(of: $0) { _ in } }),
        ("export", { try store.export($0, to: directory.appending("out.aci"), overwrite: true) }),
        ("import", { _ in _ = try store.importImage(TestImage("ex/base").bytes) }),
        ("render", { _ in _ = try store.render(top) }),
        ("render again", { _ in _ = try store.render(top) }),
      ]
      for (name, read) in readers {
        store.setLastUse(of: base, FileTime(seconds: 1000))
        try read(base)
        let used = try store.record(of: base).lastUsedAt
        #expect(used.seconds > 1_000_000, "\(name)")
      }
    }
  }

  @Test("is the time of import when it is lost")
  func lost() throws {
    try TestStore.with { store, _ in
      let record = try store.importImage(TestImage("ex/a").bytes).record
      _ = store.path.pushing(StoreLayout.used(record.id)).withPlatformString { unlink($0) }
      #expect(try store.record(of: record.id).lastUsedAt == record.importedAt)
      #expect(try store.images().map(\.lastUsedAt) == [record.importedAt])
    }
  }
}
