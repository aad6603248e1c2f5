import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("Collecting garbage")
struct CollectionTests {
  @Test("trees that nobody holds go; leased and pinned ones stay")
  func trees() throws {
    try TestStore.with { store, _ in
      let trees = try ["a", "b", "c"].map { name in
        try store.render(try store.importImage(TestImage("ex/\(name)", files: ["f": name]).bytes).record.id)
      }
      let lease = try store.lease(trees[0])
      let pinned = trees[1].id
      let report = try store.collectGarbage(.init(isPinned: { $0 == pinned }))
      #expect(report.trees == [trees[2].id])
      #expect(exists(trees[0].rootfs) && exists(trees[1].rootfs) && !exists(trees[2].rootfs))
      #expect(lease.tree == trees[0].id)
      let error = #expect(throws: StoreError.self) { _ = try store.lease(trees[2]) }
      #expect(error?.code == .notFound)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("a lease outlives the process that took it where its descriptor was handed on")
  func handedOn() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let descriptor: FileDescriptor
      do {
        let (_, lease) = try store.renderLeased(id)
        descriptor = try lease.descriptor.duplicate()
      }
      #expect(try store.collectGarbage().trees == [])
      try descriptor.close()
      #expect(try store.collectGarbage().trees.count == 1)
    }
  }

  @Test("images go by their last use, but not those that a remaining image depends on, nor those to be kept")
  func images() throws {
    try TestStore.with { store, _ in
      let base = try store.importImage(TestImage("ex/base").bytes).record.id
      let young = try store.importImage(TestImage("ex/top", dependencies: [["imageName": "ex/base"]]).bytes)
        .record.id
      let old = try store.importImage(TestImage("ex/old").bytes).record.id
      let kept = try store.importImage(TestImage("ex/kept").bytes).record.id
      let records = try store.images().map { record in
        var record = record
        if record.id != young { record.lastUsedAt = FileTime(seconds: 1000) }
        return record
      }
      let plan = CollectionPlan(
        records, now: FileTime(seconds: 1000 + 86400), options: .init(keep: [kept]),
        dependencies: { $0 == young ? [base] : [] })
      #expect(plan.images == [old])
      let none = CollectionPlan(
        records, now: FileTime(seconds: 1000 + 86399), options: .init(), dependencies: { _ in [] })
      #expect(none.images == [])
    }
  }

  @Test("old images are removed from the store")
  func oldImages() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      #expect(try store.collectGarbage().images == [])
      let report = try store.collectGarbage(.init(imageGrace: .zero))
      #expect(report.images == [id])
      #expect(try store.images() == [])
    }
  }

  @Test("what killed operations left goes; what running ones use stays")
  func leftovers() throws {
    try TestStore.with { store, directory in
      let running = try OperationDirectory(for: "test", in: store.root)
      try directory.makeDirectory("store/tmp/import-1/deep/er")
      try directory.write("x", to: "store/tmp/import-1/deep/file")
      try directory.makeDirectory("store/tmp/render-2")
      let report = try store.collectGarbage()
      #expect(report.leftovers == 2)
      let isThere = exists(store.path.pushing(running.name))
      #expect(isThere)
      #expect(try names(store.path.appending("tmp")).count == 1)
      _ = consume running
    }
  }

  @Test("records and index entries of images that never appeared go")
  func traces() throws {
    try TestStore.with { store, directory in
      let before = try directory.contents()
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      _ = store.path.pushing(StoreLayout.blob(id)).withPlatformString { unlink($0) }
      _ = try store.collectGarbage()
      #expect(try directory.contents() == before)
    }
  }

  @Test("a tree deeper than the process may hold descriptors is removed")
  func deepTree() throws {
    try TestStore.with { store, directory in
      try directory.makeDirectory("store/tmp/deep" + String(repeating: "/d", count: 700))
      #expect(try store.collectGarbage().leftovers == 1)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }
}
