import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("The last use of an image")
struct LastUseTests {
  @Test("is that of minutes after another, so that a grace of less than an hour keeps what is used")
  func minutes() throws {
    try TestStore.with { store, _ in
      let used = try store.importImage(TestImage("ex/used").bytes).record.id
      let unused = try store.importImage(TestImage("ex/unused").bytes).record.id
      let earlier = FileTime(seconds: FileTime.now.seconds - 1800)
      for id in [used, unused] { store.setLastUse(of: id, earlier) }
      _ = try store.render(used)
      #expect(try !store.remove(used, unlessUsedAfter: earlier))
      #expect(try store.collectGarbage(.init(imageGrace: .seconds(900))).images == [unused])
      #expect(try store.collectGarbage(.init(imageGrace: .zero)).images == [used])
    }
  }

  @Test("is not noted of an image that is not there")
  func missing() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      try store.remove(id)
      #expect(throws: StoreError.self) { try store.render(id) }
      #expect(try store.lastUse(of: id) == nil)
    }
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
