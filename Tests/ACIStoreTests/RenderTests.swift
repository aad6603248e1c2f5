import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Rendering an image")
struct RenderTests {
  @Test("a single image gives its root file system, its manifest and a record, complete under one name")
  func single() throws {
    try TestStore.with { store, _ in
      let image = TestImage("example.com/a", files: ["etc/motd": "hello", "bin/app": "x"])
      let id = try store.importImage(image.gzipped).record.id
      let tree = try store.render(id)
      #expect(try text(tree, "etc/motd") == "hello")
      #expect(tree.manifestBytes == image.manifest)
      let directory = tree.rootfs.removingLastComponent()
      #expect(try names(directory) == ["digest.json", "lock", "manifest.json", "rootfs", "tree.mtree"])
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("an image that was imported under wider limits than usual is rendered")
  func limits() throws {
    try TestStore.with { store, _ in
      let path = "rootfs" + String(repeating: "/d", count: 300)
      var image = TestImage("ex/deep", files: ["x": "1"])
      image.entries += [
        RawTar.Entry("././@LongLink", type: "L", content: Array(path.utf8) + [0]), .file("long"),
      ]
      var limits = ArchiveLimits()
      limits.depth = 400
      #expect(throws: StoreError.self) { try store.importImage(image.bytes) }
      let id = try store.importImage(image.bytes, options: ImportOptions(limits: limits)).record.id
      #expect(try names(try store.render(id).rootfs) == ["d", "x"])
    }
  }

  @Test("rendering again finds the same tree")
  func idempotent() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("example.com/a", files: ["a": "1"]).bytes).record.id
      let first = try store.render(id)
      let before = try inode(of: first.rootfs)
      let second = try store.render(id)
      #expect(first.id == second.id)
      #expect(try inode(of: second.rootfs) == before)
    }
  }

  @Test("G1, G2: dependencies come first, in order and depth first, and what is later wins")
  func order() throws {
    try TestStore.with { store, _ in
      _ = try store.importImage(TestImage("ex/d", files: ["who": "d", "d": "d", "bd": "d"]).bytes)
      _ = try store.importImage(TestImage("ex/b", files: ["who": "b", "b": "b", "bd": "b"]).bytes)
      let c = TestImage("ex/c", dependencies: [["imageName": "ex/d"]], files: ["who": "c", "c": "c"])
      _ = try store.importImage(c.bytes)
      let a = TestImage(
        "ex/a", dependencies: [["imageName": "ex/b"], ["imageName": "ex/c"]], files: ["who": "a"])
      let tree = try store.render(try store.importImage(a.bytes).record.id)
      #expect(try text(tree, "who") == "a")
      // B, D, C, A: d comes after b.
      #expect(try text(tree, "bd") == "d")
      #expect(try names(tree.rootfs) == ["b", "bd", "c", "d", "who"])
    }
  }

  @Test("G3: a file written beneath a lower image's symbolic link replaces the link, and goes nowhere else")
  func lowerLink() throws {
    try TestStore.with { store, directory in
      let outside = try directory.makeDirectory("outside")
      var base = TestImage("ex/base")
      base.entries.append(.symbolicLink("rootfs/data", to: outside.string))
      _ = try store.importImage(base.bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], files: ["data/victim": "x"])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try text(tree, "data/victim") == "x")
      #expect(try names(outside) == [])
    }
  }

  @Test("G7: what lies beneath a directory that an upper image made a link or a file is hidden")
  func upperLink() throws {
    try TestStore.with { store, _ in
      _ = try store.importImage(TestImage("ex/base", files: ["etc/victim": "x", "x/y": "z"]).bytes)
      var top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], files: ["x": "file"])
      top.entries.append(.symbolicLink("rootfs/etc", to: "/nowhere"))
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try names(tree.rootfs) == ["etc", "x"])
      #expect(try text(tree, "x") == "file")
    }
  }

  @Test("G4: the top's whitelist applies to what lies below it")
  func whitelist() throws {
    try TestStore.with { store, _ in
      _ = try store.importImage(
        TestImage("ex/base", files: ["a": "1", "b": "2", "d/e": "3", "d/f": "4"]).bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], whitelist: ["/a", "/d/e"])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try names(tree.rootfs) == ["a", "d"])
      #expect(try names(tree.rootfs.appending("d")) == ["e"])
    }
  }

  @Test("a hard link on the whitelist has its content, though its target is not")
  func whitelistedLink() throws {
    try TestStore.with { store, _ in
      var base = TestImage("ex/base", files: ["a": "content"])
      base.entries += [.hardLink("rootfs/b", to: "rootfs/a"), .hardLink("rootfs/c", to: "rootfs/a")]
      _ = try store.importImage(base.bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], whitelist: ["/b", "/c"])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try names(tree.rootfs) == ["b", "c"])
      #expect(try text(tree, "b") == "content")
      #expect(try inode(of: tree.rootfs.appending("b")) == inode(of: tree.rootfs.appending("c")))
    }
  }

  @Test("a name of a hard-linked pair that is replaced above leaves the other its content")
  func replacedLink() throws {
    try TestStore.with { store, _ in
      var base = TestImage("ex/base", files: ["a": "old"])
      base.entries.append(.hardLink("rootfs/b", to: "rootfs/a"))
      _ = try store.importImage(base.bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], files: ["a": "new"])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try text(tree, "a") == "new")
      #expect(try text(tree, "b") == "old")
    }
  }

  @Test("a directory that is on no list but holds listed files keeps its mode")
  func unlistedDirectory() throws {
    try TestStore.with { store, _ in
      let base = TestImage(
        manifest: TestImage("ex/base").manifest,
        entries: [
          .directory("rootfs"), .directory("rootfs/private", mode: 0o700), .file("rootfs/private/a", "1"),
        ])
      _ = try store.importImage(base.bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], whitelist: ["/private/a"])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      #expect(try mode(of: tree.rootfs.appending("private")) == 0o700)
    }
  }

  @Test("a single image's own whitelist applies to it")
  func ownWhitelist() throws {
    try TestStore.with { store, _ in
      let image = TestImage("ex/a", whitelist: ["/a"], files: ["a": "1", "b": "2", "empty/x": "3"])
      let tree = try store.render(try store.importImage(image.bytes).record.id)
      #expect(try names(tree.rootfs) == ["a"])
    }
  }

  @Test("a cycle is refused, and named", .timeLimit(.minutes(1)))
  func cycle() throws {
    try TestStore.with { store, _ in
      let b = TestImage("ex/b", dependencies: [["imageName": "ex/a"]])
      let a = TestImage("ex/a", dependencies: [["imageName": "ex/b"]])
      _ = try store.importImage(b.bytes)
      let id = try store.importImage(a.bytes).record.id
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .dependency)
      #expect(error?.description.contains("ex/a -> ex/b -> ex/a") == true)
    }
  }

  @Test("a missing dependency is named, with who wants it")
  func missing() throws {
    try TestStore.with { store, _ in
      let a = TestImage("ex/a", dependencies: [["imageName": "ex/gone"]])
      let id = try store.importImage(a.bytes).record.id
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .dependency)
      #expect(error?.description.contains("ex/a") == true && error?.description.contains("ex/gone") == true)
    }
  }

  @Test("C3: a dependency's image ID must be that of an image of the dependency's name")
  func pinned() throws {
    try TestStore.with { store, _ in
      let other = try store.importImage(TestImage("ex/other").bytes).record.id
      let a = TestImage(
        "ex/a", dependencies: [["imageName": "ex/base", "imageID": .string(other.description)]])
      let id = try store.importImage(a.bytes).record.id
      #expect(throws: StoreError.self) { try store.render(id) }
    }
  }

  @Test("a blob that was changed on the disk is not rendered, and leaves nothing")
  func corruptBlob() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a", files: ["a": "hello"]).bytes).record.id
      let blob = store.path.appending("blobs/sha512/\(id.hex.prefix(2))/\(id)")
      _ = blob.withPlatformString { chmod($0, 0o600) }
      let file = try FileDescriptor.open(blob, .readWrite)
      // The content of the last file: manifest header and body, rootfs header, file header.
      _ = try file.writeAll(toAbsoluteOffset: 512 * 4, "HELLO".utf8)
      try file.close()
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .corrupt)
      #expect(try names(store.path.appending("trees")) == [])
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("an image that many threads render at once is rendered once")
  func concurrent() async throws {
    try await TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a", files: ["a": "1", "b/c": "2"]).bytes).record.id
      let trees = try await inParallel(8) { _ in try store.render(id).id }
      #expect(Set(trees).count == 1)
      #expect(try names(store.path.appending("trees")).count == 1)
    }
  }
}
