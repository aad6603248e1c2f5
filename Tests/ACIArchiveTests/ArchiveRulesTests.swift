import ACIArchive
import AppcTesting
import Testing

struct ArchiveRulesTests {
  private func rules(_ entries: [RawTar.Entry]) -> ArchiveError.Code? {
    refusal(of: RawTar(entries).bytes)
  }

  private let manifest = RawTar.Entry("manifest", content: plainManifest)
  private let rootfs = RawTar.Entry.directory("rootfs")

  @Test("B3: manifest and rootfs must be there, in any order")
  func both() {
    #expect(rules([manifest, rootfs]) == nil)
    #expect(rules([rootfs, .file("rootfs/a"), manifest]) == nil)
    #expect(rules([rootfs]) == .invalidLayout)
    #expect(rules([manifest]) == .invalidLayout)
    #expect(rules([]) == .notAnImage)
  }

  @Test("B4: rootfs needs an entry of its own")
  func rootfsEntry() {
    #expect(rules([manifest, .file("rootfs/a")]) == .invalidLayout)
  }

  @Test("B3: manifest is a regular file and rootfs a directory")
  func types() {
    #expect(rules([.directory("manifest"), rootfs]) == .invalidLayout)
    #expect(rules([.symbolicLink("manifest", to: "rootfs/m"), rootfs]) == .invalidLayout)
    #expect(rules([manifest, .file("rootfs")]) == .invalidLayout)
    #expect(rules([manifest, .symbolicLink("rootfs", to: "/")]) == .invalidLayout)
  }

  @Test(
    "B3: nothing else may stand beside them",
    arguments: [
      "README", "rootfs-evil/a", "rootfs2", "Rootfs", "manifest.json", "manifest/a", ".hidden",
    ])
  func others(_ name: String) {
    #expect(rules([manifest, rootfs, .file(name)]) == .invalidLayout)
  }

  @Test(
    "B2: no name may come twice, however it is spelt",
    arguments: [
      "rootfs/a", "./rootfs/a", "rootfs//a",
    ])
  func duplicates(_ name: String) {
    #expect(refusal(of: image(.file("rootfs/a"), .file(name))) == .duplicateEntry)
    #expect(refusal(of: image(.file("rootfs/a"), .directory(name))) == .duplicateEntry)
  }

  @Test("B2: manifest, rootfs and directories may not come twice either")
  func duplicateDirectories() {
    #expect(rules([manifest, manifest, rootfs]) == .duplicateEntry)
    #expect(rules([manifest, rootfs, rootfs]) == .duplicateEntry)
    #expect(refusal(of: image(.directory("rootfs/d"), .directory("rootfs/d"))) == .duplicateEntry)
  }

  @Test("B2: names that Swift's strings hold for equal are different names")
  func unicode() {
    #expect(refusal(of: image(.file("rootfs/\u{E9}"), .file("rootfs/e\u{301}"))) == nil)
    #expect(refusal(of: image(.file("rootfs/K"), .file("rootfs/\u{212A}"))) == nil)
  }

  @Test("B5: the entry . is ignored, if it is a directory")
  func dot() {
    #expect(
      rules([.directory("./"), .directory("./rootfs/"), RawTar.Entry("./manifest", content: plainManifest)])
        == nil)
    #expect(rules([pax(("mtime", "1.5")), .directory("./"), manifest, rootfs]) == nil)
    #expect(rules([.symbolicLink(".", to: "/"), manifest, rootfs]) == .invalidName)
  }

  @Test("directories may come after what they hold, or not at all")
  func implied() {
    #expect(refusal(of: image(.file("rootfs/a/b/c"))) == nil)
    #expect(
      refusal(of: image(.file("rootfs/a/b/c"), .directory("rootfs/a/b"), .directory("rootfs/a"))) == nil)
    #expect(refusal(of: image(.file("rootfs/a/b"), .file("rootfs/a"))) == .invalidLayout)
  }

  @Test("nothing may lie beneath what is not a directory")
  func beneath() {
    #expect(refusal(of: image(.symbolicLink("rootfs/l", to: "/etc"), .file("rootfs/l/a"))) == .invalidLayout)
    #expect(
      refusal(of: image(.symbolicLink("rootfs/l", to: "/etc"), .file("rootfs/l/a/b/c"))) == .invalidLayout)
    #expect(refusal(of: image(.file("rootfs/f"), .directory("rootfs/f/d"))) == .invalidLayout)
  }

  @Test(
    "a hard link names an earlier file of the rootfs and nothing else",
    arguments: [
      "/etc/passwd", "../x", "rootfs/later", "rootfs/h", "rootfs", "rootfs/d", "manifest", "", "rootfs/dev",
      "rootfs/a/..",
    ])
  func hardLinks(_ target: String) {
    let bytes = image(
      .directory("rootfs/d"), RawTar.Entry("rootfs/dev", type: "3", device: (1, 3)), .file("rootfs/a"),
      .hardLink("rootfs/h", to: target), .file("rootfs/later"))
    #expect(refusal(of: bytes) == .invalidLink)
  }

  @Test("a hard link may name a file, a symbolic link, a FIFO or another hard link")
  func goodHardLinks() {
    #expect(
      refusal(
        of: image(
          .file("rootfs/f"), .symbolicLink("rootfs/s", to: "x"), RawTar.Entry("rootfs/p", type: "6"),
          .hardLink("rootfs/1", to: "rootfs/f"), .hardLink("rootfs/2", to: "./rootfs/s"),
          .hardLink("rootfs/3", to: "rootfs/p"), .hardLink("rootfs/4", to: "rootfs/1"))) == nil)
  }

  @Test("device numbers are ones that Linux has, and no overlay whiteout")
  func devices() {
    #expect(refusal(of: image(RawTar.Entry("rootfs/w", type: "3", device: (0, 0)))) == .deviceRefused)
    #expect(refusal(of: image(RawTar.Entry("rootfs/w", type: "3", device: (4096, 0)))) == .deviceRefused)
    #expect(refusal(of: image(RawTar.Entry("rootfs/w", type: "4", device: (0, 0)))) == nil)
  }

  @Test("each limit is refused where it is passed and not before")
  func limits() {
    func check(_ field: WritableKeyPath<ArchiveLimits, Int>, _ value: Int, _ bytes: [UInt8]) {
      var limits = ArchiveLimits()
      limits[keyPath: field] = value
      #expect(refusal(of: bytes, limits: limits) == nil)
      limits[keyPath: field] = value - 1
      #expect(refusal(of: bytes, limits: limits) == .limitExceeded)
    }
    check(\.entries, 3, image(.file("rootfs/a")))
    check(\.pathBytes, 12, image(.file("rootfs/abcde")))
    check(\.componentBytes, 9, image(.file("rootfs/abcdefghi")))
    check(\.depth, 4, image(.file("rootfs/a/b/c")))
    check(\.linkTargetBytes, 8, image(.symbolicLink("rootfs/l", to: "12345678")))
    check(\.manifestBytes, plainManifest.count, image())
    check(\.extendedHeaderRecords, 2, image(pax(("mtime", "1"), ("uid", "1")), .file("rootfs/a")))
  }

  @Test("the sum of the apparent sizes is limited, holes included")
  func apparentSize() {
    let sparse = image(
      pax(("GNU.sparse.size", "1000000000000"), ("GNU.sparse.map", "0,1"), ("GNU.sparse.name", "rootfs/f")),
      RawTar.Entry("rootfs/x", content: [1]))
    #expect(refusal(of: sparse) == .limitExceeded)
  }

  @Test("a manifest that is not valid is refused with the reason")
  func manifestContent() {
    for text in ["", "{}", "null", "{", #"{"acKind":"PodManifest","acVersion":"0.8.11","name":"a"}"#] {
      #expect(rules([RawTar.Entry("manifest", content: Array(text.utf8)), rootfs]) == .invalidManifest)
    }
  }
}
