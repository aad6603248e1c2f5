import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import Synchronization
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

  @Test("images that young ones depend on stay, those that are kept too")
  func images() throws {
    try TestStore.with { store, _ in
      let base = try store.importImage(TestImage("ex/base").bytes).record.id
      let young = try store.importImage(TestImage("ex/top", dependencies: [["imageName": "ex/base"]]).bytes)
        .record.id
      let old = try store.importImage(TestImage("ex/old").bytes).record.id
      let kept = try store.importImage(TestImage("ex/kept").bytes).record.id
      for id in [base, old, kept] { store.setLastUse(of: id, FileTime(seconds: 1000)) }
      let report = try store.collectGarbage(.init(keep: [kept]))
      #expect(report.images == [old])
      #expect(Set(try store.imageIDs()) == [base, young, kept])
      store.setLastUse(of: young, FileTime(seconds: 1000))
      #expect(try store.collectGarbage(.init(keep: [kept])).images == [young, base])
    }
  }

  @Test("images that somebody reads, and those that a leased tree was made of, stay")
  func imagesInUse() throws {
    try TestStore.with { store, _ in
      let base = try store.importImage(TestImage("ex/base", files: ["a": "1"]).bytes).record.id
      let top = try store.importImage(TestImage("ex/top", dependencies: [["imageName": "ex/base"]]).bytes)
        .record.id
      let read = try store.importImage(TestImage("ex/read").bytes).record.id
      let (_, lease) = try store.renderLeased(top)
      let report = try store.withBlob(of: read) { _ in try store.collectGarbage(.init(imageGrace: .zero)) }
        .get()
      #expect(report.images == [] && report.imagesInUse == [read] && report.problems == [])
      #expect(Set(try store.imageIDs()) == [base, top, read])
      _ = consume lease
      #expect(try store.collectGarbage(.init(imageGrace: .zero)).images.count == 3)
    }
  }

  @Test(
    "by size, the least recently used images go until the others take no more, and the report says what was freed"
  )
  func size() throws {
    try TestStore.with { store, _ in
      var ids: [ImageID] = []
      for number in 0..<4 {
        let image = TestImage("ex/\(number)", files: ["f": String(repeating: "x", count: 100_000 + number)])
        ids.append(try store.importImage(image.bytes).record.id)
        store.setLastUse(of: ids[number], FileTime(seconds: Int64(1000 - number)))
      }
      let images = try store.images().reduce(0) { $0 + $1.tarBytes }
      let before = try store.diskUsage().blobs.bytes
      let report = try store.collectGarbage(.init(imageGrace: nil, maxBytes: images - 150_000))
      #expect(report.images == [ids[3], ids[2]])
      let after = try store.diskUsage().blobs.bytes
      #expect(after <= before - 150_000)
      #expect(report.freedBytes <= before - after && report.freedBytes >= 200_000)
      #expect(try store.collectGarbage(.init(imageGrace: nil, maxBytes: after)).images == [])
      #expect(
        try store.collectGarbage(.init(imageGrace: nil, keep: [ids[0]], maxBytes: 0)).problems.count == 1)
      #expect(try store.imageIDs() == [ids[0]])
    }
  }

  @Test("several at once remove each thing once, and find no problem in what another has removed")
  func together() async throws {
    try await TestStore.with { store, _ in
      for round in 0..<5 {
        for number in 0..<8 {
          let image = TestImage("ex/\(number)", files: ["f": "\(round)"])
          _ = try store.render(try store.importImage(image.bytes).record.id)
        }
        let reports = try await inParallel(4) { _ in try store.collectGarbage(.init(imageGrace: .zero)) }
        #expect(reports.flatMap(\.problems) == [])
        let (trees, images) = (reports.flatMap(\.trees), reports.flatMap(\.images))
        #expect(Set(trees).count == trees.count && Set(images).count == images.count)
        // One that looks at a tree holds it for that moment.
        _ = try store.collectGarbage(.init(imageGrace: .zero))
        #expect(try store.images() == [] && names(store.path.appending("trees")) == [])
      }
    }
  }

  @Test("by size, no image goes for what only other means can free")
  func sizeOfOthers() throws {
    try TestStore.with { store, directory in
      _ = try store.importImage(TestImage("ex/a").bytes)
      let bytes = try store.diskUsage().blobs.bytes
      let running = try OperationDirectory(for: "test", in: store.root)
      for place in ["store/quarantine/x", "store/\(running.name)/x"] {
        try directory.write([UInt8](repeating: 1, count: 1 << 20), to: place)
      }
      let report = try store.collectGarbage(.init(maxBytes: bytes))
      #expect(report.images == [] && report.problems == [])
      _ = consume running
    }
  }

  @Test("a dry run says what would go and changes nothing")
  func dryRun() throws {
    try TestStore.with { store, directory in
      let id = try store.importImage(TestImage("ex/a", files: ["f": "1"]).bytes).record.id
      let tree = try store.render(id)
      try store.setRemote(try RemoteRecord(url: "https://example.com/", imageID: id, fetchedAt: .epoch))
      try directory.makeDirectory("store/tmp/import-1/deep")
      store.setLastUse(of: id, FileTime(seconds: 1000))
      let before = try directory.contents()
      var report = try store.collectGarbage(.init(dryRun: true))
      #expect(try directory.contents() == before)
      #expect(
        report.images == [id] && report.trees == [tree.id] && report.leftovers == 1 && report.remotes == 1)
      #expect(report.freedBytes > 0)
      report.problems = []
      #expect(try store.collectGarbage() == report)
      #expect(try store.images() == [])
    }
  }

  @Test("a use in the future counts as one of now, and ages from there")
  func future() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      store.setLastUse(of: id, FileTime(seconds: 1 << 33))
      #expect(try store.collectGarbage().images == [])
      let used = try #require(try store.lastUse(of: id))
      #expect(used <= .now && used > FileTime(seconds: 1 << 30))
    }
  }

  @Test("an image or a tree that is used after it was found to be due stays")
  func usedMeanwhile() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      store.setLastUse(of: id, FileTime(seconds: 2000))
      #expect(try !store.remove(id, unlessUsedAfter: FileTime(seconds: 1999)))
      #expect(try store.remove(id, unlessUsedAfter: FileTime(seconds: 2000)))
    }
  }

  @Test("an image stays whose tree is leased after the collector has looked at it")
  func leasedMeanwhile() throws {
    try TestStore.with { store, _ in
      let trees = try ["a", "b"].map { name in
        try store.render(try store.importImage(TestImage("ex/\(name)", files: ["f": name]).bytes).record.id)
      }.sorted { $0.id < $1.id }
      let (first, last) = (trees[0], trees[1])
      let held = Held()
      let options = CollectionOptions(imageGrace: .zero, treeGrace: nil) { id in
        // Trees are looked at in the order of their IDs.
        if id == last.id { held.take { try? store.lease(first) } }
        return false
      }
      let report = try store.collectGarbage(options)
      #expect(report.images == [last.image] && report.imagesInUse == [first.image], "\(report)")
      #expect(try store.imageIDs() == [first.image])
    }
  }

  /// A lease that is taken in the midst of something.
  private final class Held: Sendable {
    private let lease = Mutex<TreeLease?>(nil)

    func take(_ body: () -> TreeLease?) {
      lease.withLock { lease in
        if lease == nil { lease = body() }
      }
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
