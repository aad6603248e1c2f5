import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

/// Root, as otherwise nobody can give files away.
@Suite("Verifying a rendered tree", .enabled(if: geteuid() == 0))
struct TreeVerificationTests {
  static let image: TestImage = {
    var image = TestImage(
      "ex/a",
      files: ["etc/motd": "hello\n", "etc/passwd": "root", "bin/app": String(repeating: "x", count: 300_000)])
    image.entries += [
      .symbolicLink("rootfs/etc/link", to: "motd"), .hardLink("rootfs/bin/other", to: "rootfs/bin/app"),
      .directory("rootfs/empty"), .init("rootfs/pipe", type: "6", mode: 0o600),
      .init("rootfs/secret", mode: 0o4600, uid: 7, gid: 8, modified: 1_700_000_000, content: Array("s".utf8)),
    ]
    return image
  }()
  static let bytes = image.bytes

  /// A way to damage a tree, and what must be said of it.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let line: String
    let action: VerificationFinding.Action
    let apply: @Sendable (FilePath) throws -> Void

    init(
      _ description: String, _ line: String, _ action: VerificationFinding.Action = .rebuilt,
      _ apply: @escaping @Sendable (FilePath) throws -> Void
    ) {
      testDescription = description
      self.line = line
      self.action = action
      self.apply = apply
    }
  }

  static let damages: [Damage] = [
    Damage("a changed byte", "etc/motd has other content") { try $0.change("rootfs/etc/motd") },
    Damage("a changed byte at the end of a large file", "bin/app has other content") {
      try $0.change("rootfs/bin/app", at: 299_999)
    },
    Damage("a longer file", "etc/motd has 7 bytes, not 6") { try $0.append("!", to: "rootfs/etc/motd") },
    Damage("another mode", "etc/motd has mode 0666, not 0644") { try $0.chmod("rootfs/etc/motd", 0o666) },
    Damage("a setuid bit", "bin/app has mode 04644, not 0644") { try $0.chmod("rootfs/bin/app", 0o4644) },
    Damage("another mode of a directory", "etc has mode 0777, not 0755") {
      try $0.chmod("rootfs/etc", 0o777)
    },
    Damage("another owner", "etc/motd has another owner") { try $0.chown("rootfs/etc/motd", 1, 0) },
    Damage("another group of a link", "etc/link has another owner") { try $0.chown("rootfs/etc/link", 0, 1) },
    Damage("another time", "etc/motd has another time") { try $0.setTime("rootfs/etc/motd", 5) },
    Damage("an added file", "etc/added was added") {
      try $0.make("rootfs/etc/added", keepingTimeOf: "rootfs/etc")
    },
    Damage("an added file with strange bytes", "etc/a\\u{1b}b was added") {
      try $0.make("rootfs/etc/a\u{1b}b", keepingTimeOf: "rootfs/etc")
    },
    Damage("an added file at the top", "added was added") {
      try $0.make("rootfs/added", keepingTimeOf: "rootfs")
    },
    Damage("a removed file", "etc/passwd is missing") {
      try $0.remove("rootfs/etc/passwd", keepingTimeOf: "rootfs/etc")
    },
    Damage("a removed directory", "empty is missing") {
      try $0.remove("rootfs/empty", keepingTimeOf: "rootfs")
    },
    Damage("a link that leads elsewhere", "etc/link leads elsewhere") {
      try $0.remove("rootfs/etc/link", keepingTimeOf: "rootfs/etc") {
        try $0.symlink("rootfs/etc/link", to: "/etc")
      }
    },
    Damage("a file in the place of a link", "etc/link is another kind of file") {
      try $0.remove("rootfs/etc/link", keepingTimeOf: "rootfs/etc") {
        try $0.make("rootfs/etc/link", keepingTimeOf: "rootfs/etc")
      }
    },
    Damage("a link in the place of a directory", "empty is another kind of file") {
      try $0.remove("rootfs/empty", keepingTimeOf: "rootfs") { try $0.symlink("rootfs/empty", to: "etc") }
    },
    Damage("a link in the place of a directory with files", "is missing") {
      try $0.rename("rootfs/etc", "rootfs/elsewhere", keepingTimeOf: "rootfs") {
        try $0.symlink("rootfs/etc", to: "elsewhere")
      }
    },
    Damage("a hard link that is one no more", "bin/other is no longer the same file") {
      try $0.remove("rootfs/bin/other", keepingTimeOf: "rootfs/bin") {
        try $0.make("rootfs/bin/other", keepingTimeOf: "rootfs/bin")
      }
    },
    Damage("no root file system", "is missing, and 10 more") { try $0.rename("rootfs", "gone") },
    Damage("a changed listing", "its listing was changed") { try $0.change("tree.mtree", at: 400) },
    Damage("a listing cut short", "its listing was changed") { try $0.truncate("tree.mtree", to: 500) },
    Damage("a line more in the listing", "its listing was changed") {
      try $0.append("#\n", to: "tree.mtree")
    },
    Damage("no listing", "its listing was changed") { try $0.remove("tree.mtree") },
    Damage("a listing that is a pipe", "its listing was changed") { tree in
      try tree.remove("tree.mtree")
      try tree.makePipe("tree.mtree")
    },
    Damage("a changed digest.json", "its listing was changed") { tree in
      try tree.rewrite("digest.json") { text in
        text.replacing(try Regex("listingSHA512\": \"....")) { _ in "listingSHA512\": \"0000" }
      }
    },
    Damage("a truncated digest.json", "its digest.json cannot be read", .removed) {
      try $0.truncate("digest.json", to: 9)
    },
    Damage("another manifest.json", "its manifest.json is not the image's manifest") {
      try $0.append(" ", to: "manifest.json")
    },
    Damage("no lock", "its lock file is missing") { try $0.remove("lock") },
  ]

  @Test("a tree that nobody touched is as listed, and every file of it is looked at")
  func clean() throws {
    try TestStore.with { store, _ in
      let tree = try store.render(try store.importImage(Self.bytes).record.id)
      let report = try store.verify()
      #expect(report.findings.map(\.description) == [])
      #expect(report.trees == 1)
      // rootfs, bin, etc, empty; motd, passwd, app, secret; link, other, pipe.
      #expect(report.treeFiles == 11)
      #expect(try names(tree.rootfs.removingLastComponent()).contains("tree.mtree"))
    }
  }

  @Test("damage is found, told in one line, and the tree rendered anew", arguments: damages)
  func damaged(_ damage: Damage) throws {
    try TestStore.with { store, directory in
      let tree = try store.render(try store.importImage(Self.bytes).record.id)
      try damage.apply(tree.rootfs.removingLastComponent())

      let dry = try store.verify(.init(repairs: false))
      let found = try #require(dry.findings.only)
      #expect(found.problem == .damagedTree && found.subject == .tree(tree.id))
      #expect(found.detail.contains(damage.line), "\(found)")
      #expect(!found.description.contains("\n"))
      #expect(found.action == .none)
      #expect(exists(tree.rootfs.removingLastComponent()))

      let repaired = try #require(try store.verify().findings.only)
      #expect(repaired.action == damage.action, "\(repaired)")
      #expect(try store.verify().findings.map(\.description) == [])
      #expect(try text(try store.render(tree.image), "etc/motd") == "hello\n")
      #expect(try names(store.path.appending("tmp")) == [])
    }
  }

  @Test("several differences are counted, and a renamed file is both missing and added")
  func several() throws {
    try TestStore.with { store, _ in
      let tree = try store.render(try store.importImage(Self.bytes).record.id)
      let directory = tree.rootfs.removingLastComponent()
      try directory.rename("rootfs/etc/motd", "rootfs/etc/motto", keepingTimeOf: "rootfs/etc")
      try directory.chmod("rootfs/bin/app", 0o600)
      let digest = try #require(store.treeDigest(tree.id)?.listing)
      let opened = try Kernel.openDirectory(following: directory)
      let result = try TreeVerification(of: opened.raw).run(expected: digest)
      #expect(result.differenceCount == 3)
      #expect(
        Set(result.differences.map(\.description)) == [
          "etc/motd is missing", "etc/motto was added", "bin/app has mode 0600, not 0644",
        ])
    }
  }

  @Test("a tree without a listing, as earlier releases rendered, is rendered anew")
  func unlisted() throws {
    try TestStore.with { store, _ in
      let tree = try store.render(try store.importImage(Self.bytes).record.id)
      let directory = tree.rootfs.removingLastComponent()
      try directory.remove("tree.mtree")
      let old = try #require(store.treeDigest(tree.id))
      let without = TreeDigest(image: old.image, images: old.images, contentBytes: old.contentBytes)
      try directory.rewrite("digest.json") { _ in String(decoding: without.serialized(tree.id), as: UTF8.self)
      }
      let finding = try #require(try store.verify().findings.only)
      #expect(finding.problem == .noListing && finding.action == .rebuilt, "\(finding)")
      #expect(try store.verify().isClean)
    }
  }

  @Test("a damaged tree that is leased or pinned is told of, and stays")
  func inUse() throws {
    try TestStore.with { store, _ in
      let (tree, lease) = try store.renderLeased(try store.importImage(Self.bytes).record.id)
      try tree.rootfs.change("etc/motd")
      let leased = try #require(try store.verify().findings.only)
      #expect(leased.action == .none && leased.detail.contains("a pod uses it"), "\(leased)")
      _ = consume lease
      let pinned = try #require(try store.verify(.init(isPinned: { $0 == tree.id })).findings.only)
      #expect(pinned.action == .none && pinned.detail.contains("a pod uses it"), "\(pinned)")
      #expect(try text(tree, "etc/motd") != "hello\n")
    }
  }

  @Test("a damaged tree whose image is gone is removed")
  func imageGone() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.bytes).record.id
      let tree = try store.render(id)
      try store.remove(id)
      #expect(try store.verify().isClean)
      try tree.rootfs.change("etc/motd")
      let finding = try #require(try store.verify().findings.only)
      #expect(finding.action == .removed, "\(finding)")
      #expect(try store.treeIDs() == [])
      #expect(try store.verify().isClean)
    }
  }

  @Test("a damaged tree whose dependencies mean other images by now is removed, not replaced by another")
  func otherDependencies() throws {
    try TestStore.with { store, _ in
      _ = try store.importImage(TestImage("ex/base", files: ["f": "1"]).bytes)
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]])
      let tree = try store.render(try store.importImage(top.bytes).record.id)
      _ = try store.importImage(TestImage("ex/base", files: ["f": "2"]).bytes)
      try tree.rootfs.change("f")
      let finding = try #require(try store.verify().findings.only)
      #expect(finding.action == .removed && finding.detail.contains("other dependencies"), "\(finding)")
      #expect(try store.treeIDs().contains(tree.id) == false)
    }
  }

  @Test("layers, whitelists and hard links to what is not listed are as listed too")
  func layers() throws {
    try TestStore.with { store, _ in
      var base = TestImage("ex/base", files: ["a": "content", "d/e": "3", "d/f": "4"])
      base.entries += [.hardLink("rootfs/b", to: "rootfs/a"), .hardLink("rootfs/c", to: "rootfs/a")]
      _ = try store.importImage(base.bytes)
      let lists: [[String]] = [["/b", "/c"], [], ["/d/e"], ["/nothing"]]
      for (index, list) in lists.enumerated() {
        let top = TestImage(
          "ex/top\(index)", dependencies: [["imageName": "ex/base"]], whitelist: list, files: ["a": "new"])
        _ = try store.render(try store.importImage(top.bytes).record.id)
      }
      let report = try store.verify()
      #expect(report.findings.map(\.description) == [])
      #expect(report.trees == lists.count)
    }
  }

  @Test("what its own mode hides from a user other than root is counted, not held against the tree")
  func unreadable() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let user: UInt32 = 65534
      try directory.path.chown("", user, user)
      let path = directory.path.string
      await #expect(processExitsWith: .success) { [path = path as String, user = user as UInt32] in
        try #require(setgroups(0, nil) == 0 && setgid(user) == 0 && setuid(user) == 0)
        var image = TestImage("ex/a", files: ["open": "1", "closed/file": "2"])
        image.entries.append(.init("rootfs/secret", mode: 0, content: Array("s".utf8)))
        image.entries[2].mode = 0
        let store = try ImageStore.open(at: FilePath("\(path)/store"))
        let tree = try store.render(try store.importImage(image.bytes).record.id)
        let report = try store.verify()
        #expect(report.findings.map(\.description) == [])
        // The secret, the closed directory and the file in it.
        #expect(report.treeFiles == 5 && report.unreadableTreeFiles == 3)
        try tree.rootfs.change("open")
        #expect(try store.verify().findings.only?.action == .rebuilt)
      }
    }
  }

  @Test("times that a file system cannot keep are not held against it")
  func coarseTimes() {
    let precise = FileTime(seconds: 7, nanoseconds: 123_456_789)
    for kept: Int32 in [123_456_789, 123_456_700, 123_456_000, 0] {
      #expect(precise.isKept(as: FileTime(seconds: 7, nanoseconds: kept)))
    }
    #expect(!precise.isKept(as: FileTime(seconds: 7, nanoseconds: 123_456_788)))
    #expect(!precise.isKept(as: FileTime(seconds: 8)))
    let far = FileTime(seconds: 1 << 40)
    #expect(far.isKept(as: FileTime(seconds: Int64(Int32.max))))
    #expect(far.isKept(as: FileTime(seconds: 15_032_385_535)))
    #expect(!far.isKept(as: FileTime(seconds: 1_700_000_000)))
    #expect(FileTime(seconds: -1 << 40).isKept(as: FileTime(seconds: Int64(Int32.min))))
  }
}

extension Array {
  /// The element, if there is exactly one.
  var only: Element? { count == 1 ? first : nil }
}
