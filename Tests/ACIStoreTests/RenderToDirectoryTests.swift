import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Rendering to a directory")
struct RenderToDirectoryTests {
  /// A base, an image on it, and a store that has both.
  private static func withImages(
    _ body: (ImageStore, ImageID, TestImage, TemporaryDirectory) throws -> Void
  ) throws {
    try TestStore.with { store, directory in
      _ = try store.importImage(TestImage("ex/base", files: ["a": "1", "b": "1"]).bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], files: ["b": "2"])
      try body(store, try store.importImage(top.bytes).record.id, top, directory)
      #expect(try names(directory.path).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test("the directory holds the manifest of the image on top and the merged root file system")
  func layout() throws {
    try Self.withImages { store, id, image, directory in
      let place = directory.appending("out")
      try store.render(id, to: place)
      #expect(try names(place) == ["manifest", "rootfs"])
      #expect(try contents(of: place.appending("manifest")) == image.manifest)
      #expect(try names(place.appending("rootfs")) == ["a", "b"])
      #expect(try contents(of: place.appending("rootfs/b")) == Array("2".utf8))
      #expect(try names(store.path.appending("trees")) == [])
    }
  }

  @Test("an image that stands alone is rendered the same way")
  func alone() throws {
    try TestStore.with { store, directory in
      let image = TestImage("ex/a", files: ["etc/motd": "hello"])
      let place = directory.appending("out")
      try store.render(try store.importImage(image.bytes).record.id, to: place)
      #expect(try contents(of: place.appending("manifest")) == image.manifest)
      #expect(try contents(of: place.appending("rootfs/etc/motd")) == Array("hello".utf8))
    }
  }

  @Test("with rootfsOnly the directory is the root file system itself, with its mode")
  func rootfsOnly() throws {
    try TestStore.with { store, directory in
      let image = TestImage(
        manifest: TestImage("ex/a").manifest,
        entries: [.directory("rootfs", mode: 0o555), .file("rootfs/a", "1")])
      let place = directory.appending("out")
      try store.render(
        try store.importImage(image.bytes).record.id, to: place, options: RenderOptions(rootfsOnly: true))
      #expect(try names(place) == ["a"])
      #expect(try mode(of: place) == 0o555)
      #expect(try names(directory.path) == ["out", "store"])
    }
  }

  @Test("what is there stays, unless it is a directory that may be replaced")
  func overwrite() throws {
    try Self.withImages { store, id, _, directory in
      let place = try directory.makeDirectory("out")
      _ = try directory.makeDirectory("out/old")
      let error = #expect(throws: StoreError.self) { try store.render(id, to: place) }
      #expect(error?.code == .exists)
      #expect(try names(place) == ["old"])
      try store.render(id, to: place, options: RenderOptions(overwrite: true))
      #expect(try names(place) == ["manifest", "rootfs"])
      try store.render(id, to: place, options: RenderOptions(rootfsOnly: true, overwrite: true))
      #expect(try names(place) == ["a", "b"])
      #expect(try names(directory.path) == ["out", "store"])
    }
  }

  @Test("no file and no link is replaced, nor anything that has no name of its own")
  func noDirectory() throws {
    try Self.withImages { store, id, _, directory in
      let target = try directory.makeDirectory("target")
      let link = directory.appending("link")
      #expect(target.withPlatformString { from in link.withPlatformString { symlink(from, $0) } } == 0)
      let file = directory.appending("file")
      try FileDescriptor.open(file, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
      for place in [link, file, FilePath("/"), directory.appending("target/.."), "."] {
        let error = #expect(throws: StoreError.self) {
          try store.render(id, to: place, options: RenderOptions(overwrite: true))
        }
        #expect(error?.code == .exists, "\(place)")
      }
      #expect(try names(directory.path) == ["file", "link", "store", "target"])
      #expect(try names(target) == [])
    }
  }

  @Test("an image that fails half way leaves nothing, and what was to be replaced stays")
  func failure() throws {
    try TestStore.with { store, directory in
      var image = TestImage("ex/a", files: ["a": "1"])
      image.entries.append(RawTar.Entry("rootfs/null", type: "3", device: (1, 3)))
      let id = try store.importImage(image.bytes).record.id
      let place = try directory.makeDirectory("out")
      _ = try directory.makeDirectory("out/old")
      let error = #expect(throws: StoreError.self) {
        try store.render(id, to: place, options: RenderOptions(overwrite: true, devices: .refuse))
      }
      #expect(error?.code == .refused)
      #expect(error?.description.contains("rootfs/null") == true, "\(error?.description ?? "")")
      #expect(try names(place) == ["old"])
      #expect(try names(directory.path) == ["out", "store"])
    }
  }

  @Test("progress counts all images, never falls, reaches the total, and what it throws ends the rendering")
  func progress() throws {
    struct Enough: Error {}
    try Self.withImages { store, id, _, directory in
      let seen = Seen()
      let place = directory.appending("out")
      try store.render(id, to: place, options: RenderOptions(progress: { seen.add($0) }))
      let steps = seen.all
      #expect(!steps.isEmpty)
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.storedBytes <= $1.storedBytes })
      #expect(steps.last.map { $0.storedBytes == $0.totalStoredBytes } == true)
      let error = #expect(throws: StoreError.self) {
        try store.render(
          id, to: directory.appending("other"), options: RenderOptions(progress: { _ in throw Enough() }))
      }
      #expect(error?.code == .stopped)
      #expect(error?.cause is Enough)
      #expect(!exists(directory.appending("other")))
    }
  }

  @Test(
    "G8: only files beneath rootfs and the top's manifest are taken; what a dependency would execute is not")
  func onlyFiles() throws {
    try TestStore.with { store, directory in
      let app: JSONValue = ["exec": ["/bin/base"], "user": "0", "group": "0"]
      _ = try store.importImage(TestImage("ex/base", files: ["a": "1"], app: app).bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]])
      let place = directory.appending("out")
      let id = try store.importImage(top.bytes).record.id
      try store.render(id, to: place)
      #expect(try contents(of: place.appending("manifest")) == top.manifest)
      #expect(try store.render(id).manifest.app == nil)
    }
  }
}
