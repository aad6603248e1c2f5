import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("Verifying what lies beside images")
struct VerificationRepairTests {
  static let image = TestImage("ex/a", labels: [("version", "1")], files: ["a": "hello"])

  /// A way to damage a store that holds `image` and another one, and what must be found.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let problem: VerificationFinding.Problem
    let action: VerificationFinding.Action
    let apply: @Sendable (FilePath, ImageID, ImageID) throws -> Void

    init(
      _ description: String, _ problem: VerificationFinding.Problem, _ action: VerificationFinding.Action,
      _ apply: @escaping @Sendable (FilePath, ImageID, ImageID) throws -> Void
    ) {
      testDescription = description
      self.problem = problem
      self.action = action
      self.apply = apply
    }
  }

  static let damages: [Damage] = [
    Damage("no record", .wrongRecord, .rebuilt) { store, id, _ in try store.remove("images/\(id).json") },
    Damage("a truncated record", .wrongRecord, .rebuilt) { store, id, _ in
      try store.truncate("images/\(id).json", to: 40)
    },
    Damage("the record of another image", .wrongRecord, .rebuilt) { store, id, other in
      let record = String(decoding: try contents(of: store.path("images/\(other).json")), as: UTF8.self)
      try store.rewrite("images/\(id).json") { _ in record }
    },
    Damage("a record with another name", .wrongRecord, .rebuilt) { store, id, _ in
      try store.rewrite("images/\(id).json") { $0.replacing("ex/a", with: "ex/z") }
    },
    Damage("a record with another label", .wrongRecord, .rebuilt) { store, id, _ in
      try store.rewrite("images/\(id).json") { $0.replacing("\"value\": \"1\"", with: "\"value\": \"2\"") }
    },
    Damage("a record with another size", .wrongRecord, .rebuilt) { store, id, _ in
      try store.rewrite("images/\(id).json") {
        try $0.replacing(Regex("tarBytes\": [0-9]+"), with: "tarBytes\": 7")
      }
    },
    Damage("no copy of the manifest", .wrongManifest, .rebuilt) { store, id, _ in
      try store.remove("images/\(id).manifest")
    },
    Damage("a changed copy of the manifest", .wrongManifest, .rebuilt) { store, id, _ in
      try store.rewrite("images/\(id).manifest") { $0.replacing("ex/a", with: "ex/z") }
    },
    Damage("a copy of the manifest that is huge", .wrongManifest, .rebuilt) { store, id, _ in
      try store.truncate("images/\(id).manifest", to: 1 << 30)
    },
    Damage("no index entry", .wrongIndex, .rebuilt) { store, id, _ in try store.remove("names/ex,a/\(id)") },
    Damage("no index", .wrongIndex, .rebuilt) { store, id, _ in
      try store.remove("names/ex,a/\(id)")
      try store.remove("names/ex,a")
    },
    Damage("an index entry under another name", .wrongIndex, .removed) { store, id, _ in
      try store.make("names/ex,b/\(id)", keepingTimeOf: "names")
    },
    Damage("an index entry of no image", .leftover, .removed) { store, _, _ in
      try store.make("names/ex,b/\(nobody)", keepingTimeOf: "names")
    },
    Damage("a record of no image", .leftover, .removed) { store, _, _ in
      try store.make("images/\(nobody).json", keepingTimeOf: "names")
    },
    Damage("a remote record that is none", .damagedRemote, .removed) { store, _, _ in
      try store.make("remotes/none.json", keepingTimeOf: "remotes")
    },
    Damage("a blob that its owner may write", .wrongMode, .repaired) { store, id, _ in
      try store.chmod(StoreLayout.blob(id).string, 0o600)
    },
    Damage("a blob that others may read", .wrongMode, .repaired) { store, id, _ in
      try store.chmod(StoreLayout.blob(id).string, 0o444)
    },
    Damage("a blob that nobody may read", .wrongMode, .repaired) { store, id, _ in
      try store.chmod(StoreLayout.blob(id).string, 0)
    },
    Damage("a record that others may write", .wrongMode, .repaired) { store, id, _ in
      try store.chmod("images/\(id).json", 0o666)
    },
    Damage("a directory that others may enter", .wrongMode, .repaired) { store, _, _ in
      try store.chmod("trees", 0o755)
    },
    Damage("a shard that others may write to", .wrongMode, .repaired) { store, id, _ in
      try store.chmod(StoreLayout.blob(id).removingLastComponent().string, 0o777)
    },
    Damage("a tree that others may enter", .wrongMode, .repaired) { store, _, _ in
      let tree = try #require(try names(store.path("trees")).first)
      try store.chmod("trees/\(tree)", 0o755)
    },
    Damage("no directory for quarantine", .missingDirectory, .rebuilt) { store, _, _ in
      try store.remove("quarantine")
    },
    Damage("no directory for blobs", .missingDirectory, .rebuilt) { store, id, other in
      let shards = StoreLayout.shards.filter {
        ![StoreLayout.shard(of: id), StoreLayout.shard(of: other)].contains($0)
      }
      try store.remove(StoreLayout.shardDirectory(shards[0]).string)
    },
    Damage("a pipe among the records", .wrongKind, .none) { store, _, _ in try store.makePipe("images/pipe")
    },
  ]

  static let nobody = "sha512-" + String(repeating: "0", count: 128)

  @Test("is found, told in one line, and put right", arguments: damages)
  func repaired(_ damage: Damage) throws {
    try TestStore.with { store, directory in
      let (id, other) = try fill(store)
      let before = try directory.contents()
      let record = try store.record(of: id)
      try damage.apply(store.path, id, other)

      let damaged = try directory.contents()
      let dry = try store.verify(.init(repairs: false)).findings
      // A user other than root cannot read what nobody may read, until it is repaired.
      #expect(dry.first?.problem == damage.problem, "\(dry)")
      #expect(dry.dropFirst().allSatisfy { $0.problem == .unreadable && geteuid() != 0 }, "\(dry)")
      #expect(try directory.contents() == damaged)
      let findings = try store.verify().findings
      let finding = try #require(findings.only, "\(findings)")
      #expect(finding.problem == damage.problem && finding.action == damage.action, "\(finding)")
      #expect(!finding.description.contains("\n"))
      guard damage.action != .none else { return }

      #expect(try store.verify().findings.map(\.description) == [])
      #expect(try directory.contents() == before)
      let rebuilt = try store.record(of: id)
      #expect(rebuilt.name == record.name && rebuilt.labels == record.labels)
      #expect(rebuilt.tarBytes == record.tarBytes)
      #expect(try store.resolve(.name(record.name, Labels())) == id)
      #expect(try store.manifest(of: id).bytes == Self.image.manifest)
    }
  }

  @Test("a record that is rebuilt keeps what of it could be read")
  func kept() throws {
    try TestStore.with { store, _ in
      let options = ImportOptions(isLatest: true, origin: "https://example.com/a")
      let record = try store.importImage(Self.image.bytes, options: options).record
      try store.path.rewrite("images/\(record.id).json") { $0.replacing("ex/a", with: "ex/z") }
      _ = try store.verify()
      #expect(try store.record(of: record.id) == record)
    }
  }

  @Test("files that belong to somebody else are given back, by root", .enabled(if: geteuid() == 0))
  func owners() throws {
    try TestStore.with { store, _ in
      let (id, _) = try fill(store)
      let tree = try #require(try store.treeIDs().first)
      let paths = [
        StoreLayout.blob(id), StoreLayout.record(id), StoreLayout.images, StoreLayout.tree(tree),
        StoreLayout.treeLock(tree),
      ]
      for path in paths { try store.path.chown(path.string, 1, 1) }
      let findings = try store.verify().findings
      #expect(findings.allSatisfy { $0.problem == .wrongOwner && $0.action == .repaired }, "\(findings)")
      #expect(Set(findings.map(\.subject)) == Set(paths.map { .path($0) }))
      #expect(try store.verify().isClean)
    }
  }

  @Test("on a full disk damaged blobs and trees are put aside all the same", .enabled(if: geteuid() == 0))
  func fullDisk() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let isMounted =
        directory.path.withPlatformString { mount("tmpfs", $0, "tmpfs", 0, "size=2m,mode=0700") } == 0
      guard isMounted else { return }
      defer { _ = directory.path.withPlatformString { umount2($0, Int32(MNT_DETACH)) } }
      let store = try ImageStore.open(at: directory.appending("store"))
      let (id, other) = try fill(store)
      let tree = try #require(try store.treeIDs().first)
      try store.path.change(StoreLayout.blob(other).string, at: 512 * 4)
      try store.path.change("\(StoreLayout.tree(tree))/rootfs/a")
      try store.path.truncate("images/\(id).json", to: 0)
      let filler = try FileDescriptor.open(
        directory.appending("filler"), .writeOnly, options: .create, permissions: .ownerReadWrite)
      while (try? filler.writeAll([UInt8](repeating: 1, count: 4096))) != nil {}
      try filler.close()

      let findings = try store.verify().findings
      #expect(findings.map(\.problem).contains(.damagedBlob), "\(findings)")
      #expect(try store.quarantined().map(\.id) == [other])
      #expect(findings.contains { $0.problem == .damagedTree && $0.action != .none }, "\(findings)")
      #expect(findings.filter { $0.action == .none }.allSatisfy { $0.detail.contains("disk is full") })
      try directory.path.remove("filler")
      _ = try store.verify()
      #expect(try store.verify().isClean)
    }
  }

  /// Two images and a tree.
  private func fill(_ store: ImageStore) throws -> (ImageID, ImageID) {
    let id = try store.importImage(Self.image.bytes).record.id
    let other = try store.importImage(TestImage("ex/b", files: ["b": "hello"]).bytes).record.id
    _ = try store.render(id)
    _ = try store.resolve(.name(try store.record(of: id).name, Labels()))
    return (id, other)
  }
}
