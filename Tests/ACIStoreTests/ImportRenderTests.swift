import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Importing and rendering in one pass")
struct ImportRenderTests {
  private static let options = ImportOptions(rendersTree: true)

  /// Enough files for the extractor to use its threads.
  private static var large: TestImage {
    var image = TestImage("ex/large")
    for index in 0..<600 {
      image.entries.append(.file("rootfs/\(index)", String(repeating: "\(index)", count: 300)))
    }
    return image
  }

  private static func isEmpty(_ store: ImageStore) throws -> Bool {
    try names(store.path.appending("tmp")) == [] && names(store.path.appending("trees")) == []
  }

  @Test("the tree is the one that rendering the stored image gives: files, listing and digest")
  func same() throws {
    try TestStore.with { store, _ in
      for image in [Self.large, TestImage("ex/a", files: ["etc/motd": "hello", "bin/app": "x"])] {
        let imported = try store.importImage(image.gzipped, options: Self.options)
        let tree = try #require(imported.tree)
        #expect(try names(store.path.appending("tmp")) == [])
        #expect(tree.manifestBytes == image.manifest)
        #expect(try store.render(imported.record.id).id == tree.id)
        try TestStore.with { other, _ in
          let id = try other.importImage(image.bytes).record.id
          let rendered = try other.render(id)
          #expect(rendered.id == tree.id)
          try expectSame(tree, rendered)
        }
      }
    }
  }

  /// Compares all but the times at which directories were made.
  private func expectSame(_ one: RenderedTree, _ other: RenderedTree) throws {
    let directories = [one, other].map { $0.rootfs.removingLastComponent() }
    #expect(try names(directories[0]) == names(directories[1]))
    let listings = try directories.map { directory in
      try String(decoding: contents(of: directory.appending("tree.mtree")), as: UTF8.self).split(
        separator: "\n"
      )
      .sorted()
    }
    #expect(listings[0] == listings[1])
    #expect(listings[0].count > 2)
  }

  @Test("the manifest may come last")
  func manifestLast() throws {
    try TestStore.with { store, _ in
      let image = TestImage("ex/a", files: ["a": "1"])
      let bytes = RawTar(image.entries + [RawTar.Entry("manifest", content: image.manifest)]).bytes
      let tree = try #require(try store.importImage(bytes, options: Self.options).tree)
      #expect(try text(tree, "a") == "1")
      #expect(try names(tree.rootfs) == ["a"])
    }
  }

  @Test("an image with a whitelist or dependencies is not rendered, wherever its manifest stands")
  func notAlone() throws {
    try TestStore.with { store, _ in
      let dependent = TestImage("ex/top", dependencies: [["imageName": "ex/gone"]], files: ["a": "1"])
      let filtered = TestImage("ex/top", whitelist: ["/a"], files: ["a": "1", "b": "2"])
      for image in [dependent, filtered] {
        let manifest = RawTar.Entry("manifest", content: image.manifest)
        for entries in [[manifest] + image.entries, image.entries + [manifest]] {
          let imported = try store.importImage(RawTar(entries).bytes, options: Self.options)
          #expect(imported.tree == nil)
          #expect(try store.contains(imported.record.id))
          #expect(try Self.isEmpty(store))
        }
      }
    }
  }

  @Test("an image that only looks like one with a tree, by its manifest, gets its own")
  func sameManifest() throws {
    try TestStore.with { store, _ in
      let trees = try ["1", "2"].map { content in
        let image = TestImage("ex/a", files: ["a": content])
        return try #require(try store.importImage(image.bytes, options: Self.options).tree)
      }
      #expect(try text(trees[0], "a") == "1")
      #expect(try text(trees[1], "a") == "2")
    }
  }

  @Test("an image that is refused, at its end too, leaves neither blob nor tree nor anything in tmp")
  func refused() throws {
    try TestStore.with { store, _ in
      var bad = Self.large
      bad.entries.append(.file("rootfs/../x"))
      var unfinished = Self.large.bytes
      unfinished.removeLast(1024)
      for bytes in [bad.bytes, unfinished, Self.large.bytes + [1], RawTar(Self.large.entries).bytes] {
        #expect(throws: StoreError.self) { try store.importImage(bytes, options: Self.options) }
        #expect(try Self.isEmpty(store))
        #expect(try store.imageIDs() == [])
      }
      struct Enough: Error {}
      let stopping = ImportOptions(
        rendersTree: true, progress: { if $0.storedBytes > 300_000 { throw Enough() } })
      let error = #expect(throws: StoreError.self) {
        try store.importImage(Self.large.bytes, options: stopping)
      }
      #expect(error?.cause is Enough)
      var other = Self.options
      other.expectedID = try store.importImage(TestImage("ex/other").bytes).record.id
      #expect(throws: StoreError.self) { try store.importImage(Self.large.bytes, options: other) }
      #expect(try Self.isEmpty(store))
    }
  }

  @Test("what the store has already is given, not made again")
  func idempotent() throws {
    try TestStore.with { store, _ in
      let first = try store.importImage(Self.large.bytes, options: Self.options)
      let place = try #require(first.tree).rootfs
      let before = try inode(of: place)
      let second = try store.importImage(Self.large.gzipped, options: Self.options)
      #expect(second.wasPresent)
      #expect(try #require(second.tree).id == first.tree?.id)
      #expect(try inode(of: place) == before)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("an image that the store had without a tree gets one")
  func treeLater() throws {
    try TestStore.with { store, _ in
      _ = try store.importImage(Self.large.bytes)
      let imported = try store.importImage(Self.large.bytes, options: Self.options)
      #expect(imported.wasPresent)
      #expect(try text(try #require(imported.tree), "7") == String(repeating: "7", count: 300))
    }
  }

  @Test("threads that import and render the same image at once get one tree")
  func concurrent() async throws {
    try await TestStore.with { store, _ in
      let bytes = Self.large.bytes
      let trees = try await inParallel(6) { _ in try store.importImage(bytes, options: Self.options).tree?.id
      }
      #expect(Set(trees).count == 1)
      #expect(try names(store.path.appending("trees")).count == 1)
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("device nodes are left out, as by every rendering of a store")
  func devices() throws {
    try TestStore.with { store, _ in
      var image = TestImage("ex/a", files: ["a": "1"])
      image.entries.append(RawTar.Entry("rootfs/null", type: "3", device: (1, 3)))
      let tree = try #require(try store.importImage(image.bytes, options: Self.options).tree)
      #expect(try names(tree.rootfs) == ["a"])
    }
  }
}
