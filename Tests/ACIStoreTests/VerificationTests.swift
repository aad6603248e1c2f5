import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import ACIStore

@Suite("Verifying images")
struct VerificationTests {
  static let image = TestImage("ex/a", labels: [("version", "1")], files: ["a": "hello", "b/c": "2"])
  static let other = TestImage("ex/a", labels: [("version", "1")], files: ["a": "HELLO", "b/c": "2"])

  /// A blob changed behind the store's back, and what must be said of it.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let line: String
    let change: @Sendable ([UInt8]) -> [UInt8]
  }

  static let damages: [Damage] = [
    Damage(testDescription: "one bit of a file", line: "its bytes are those of sha512-") { bytes in
      var bytes = bytes
      bytes[512 * 4] ^= 1
      return bytes
    },
    Damage(testDescription: "one bit of a header", line: "checksum") { bytes in
      var bytes = bytes
      bytes[512 * 3] ^= 1
      return bytes
    },
    Damage(testDescription: "one bit in the padding at the end", line: "follow the end of the archive") {
      bytes in
      bytes.dropLast() + [1]
    },
    Damage(testDescription: "cut short", line: "ends") { Array($0.prefix(512 * 4)) },
    Damage(testDescription: "cut short by the padding", line: "its bytes are those of sha512-") {
      $0.dropLast(512)
    },
    Damage(testDescription: "empty", line: "it is empty") { _ in [] },
    Damage(testDescription: "another image of the same size", line: "its bytes are those of sha512-") { _ in
      other.bytes
    },
    Damage(testDescription: "compressed", line: "it was compressed") { StoredGzip.member($0) },
  ]

  @Test("an untouched store has nothing to report, and everything was looked at")
  func clean() throws {
    try TestStore.with { store, directory in
      for name in ["a", "b"] {
        _ = try store.render(
          try store.importImage(TestImage("ex/\(name)", files: ["f": name]).bytes).record.id)
      }
      let before = try directory.contents()
      let report = try store.verify()
      #expect(report.findings.map(\.description) == [])
      #expect(report.images == 2 && report.trees == 2 && report.bytes > 2000)
      #expect(try directory.contents() == before)
    }
  }

  @Test("a damaged blob is put aside, the image is gone, and can be imported again", arguments: damages)
  func damaged(_ damage: Damage) throws {
    try TestStore.with { store, _ in
      let kept = try store.importImage(TestImage("ex/kept").bytes).record.id
      let options = ImportOptions(origin: "somewhere")
      let id = try store.importImage(Self.image.bytes, options: options).record.id
      let bad = damage.change(Self.image.bytes)
      try replaceBlob(of: id, in: store, by: bad)

      let dry = try #require(try store.verify(.init(repairs: false)).findings.first)
      #expect(dry.problem == .damagedBlob && dry.action == .none, "\(dry)")
      #expect(try store.contains(id))

      let findings = try store.verify().findings
      let finding = try #require(findings.only, "\(findings)")
      #expect(finding.problem == .damagedBlob && finding.action == .quarantined)
      #expect(finding.subject == .image(id))
      #expect(finding.detail.contains(damage.line), "\(finding)")
      #expect(finding.detail.contains("quarantine/\(id)"))
      #expect(!finding.description.contains("\n"))

      #expect(try store.imageIDs() == [kept])
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .notFound)
      let aside = try #require(try store.quarantined().only)
      #expect(aside.id == id && aside.record?.origin == "somewhere" && aside.bytes == Int64(bad.count))
      #expect(try contents(of: aside.path) == bad)
      #expect(try store.verify().isClean)
      #expect(try store.importImage(Self.image.bytes).record.id == id)
      #expect(try store.verify().isClean)
    }
  }

  @Test("an image damaged twice lies in quarantine twice, until that is emptied")
  func quarantine() throws {
    try TestStore.with { store, directory in
      let before = try directory.contents()
      var id: ImageID?
      for _ in 0..<2 {
        let image = try store.importImage(Self.image.bytes).record.id
        id = image
        try replaceBlob(of: image, in: store, by: [])
        _ = try store.verify()
      }
      #expect(try store.quarantined().map(\.id) == [id, id])
      #expect(try store.removeQuarantined(olderThan: .seconds(60)).isEmpty)
      #expect(try store.collectGarbage().images == [])
      #expect(try store.quarantined().count == 2)
      #expect(try store.removeQuarantined().count == 2)
      #expect(try directory.contents().filter { !$0.contains(".boot") } == before)
    }
  }

  @Test("a blob in quarantine is as old as it lies there, and the record of one that is gone is collected")
  func quarantineAge() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      try replaceBlob(of: id, in: store, by: [])
      try store.path.setTime(StoreLayout.blob(id).string, 1000)
      _ = try store.verify()
      #expect(try store.removeQuarantined(olderThan: .seconds(60)).isEmpty)
      _ = try store.collectGarbage()
      #expect(try names(store.path.appending("quarantine")) == ["\(id)", "\(id).json"])
      try store.path.remove("quarantine/\(id)")
      _ = try store.collectGarbage()
      #expect(try names(store.path.appending("quarantine")) == [])
    }
  }

  @Test("a blob that is another by now, of the same inode, is not put aside for the one that was examined")
  func reusedInode() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      let blob = store.path.pushing(StoreLayout.blob(id))
      let examined = try #require(try store.blobStatus(id))
      try blob.setTime("", 1000)
      #expect(try store.quarantine(id, examined) == .gone)
      #expect(try store.contains(id))
    }
  }

  @Test("a damaged blob that somebody reads is told of, and stays")
  func inUse() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      try replaceBlob(of: id, in: store, by: Self.other.bytes)
      let blob = try store.openBlob(id, for: "test")
      let finding = try #require(try store.verify().findings.only)
      #expect(finding.action == .none && finding.detail.contains("in use"), "\(finding)")
      blob.release()
      #expect(try store.verify().findings.only?.action == .quarantined)
    }
  }

  @Test(
    "what is no file in the place of a blob is put aside, unopened", arguments: ["link", "pipe", "directory"])
  func noFile(_ kind: String) throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      let blob = StoreLayout.blob(id).string
      try store.path.remove(blob)
      switch kind {
      case "link": try store.path.symlink(blob, to: "/dev/zero")
      case "pipe": try store.path.makePipe(blob)
      default: _ = store.path.path(blob).withPlatformString { mkdir($0, 0o700) }
      }
      let findings = try store.verify().findings
      #expect(findings.contains { $0.problem == .damagedBlob && $0.action == .quarantined }, "\(findings)")
      #expect(try store.imageIDs() == [])
      #expect(try store.verify().isClean)
    }
  }

  @Test("reading a manifest from a damaged blob puts the blob aside, and a dry run of a collection does not")
  func manifest() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      try store.path.remove("images/\(id).manifest")
      try replaceBlob(of: id, in: store, by: Self.image.bytes.map { ~$0 })
      store.setLastUse(of: id, FileTime(seconds: 1000))
      _ = try store.collectGarbage(.init(dryRun: true))
      #expect(try store.imageIDs() == [id])
      let error = #expect(throws: StoreError.self) { try store.manifest(of: id) }
      #expect(error?.code == .corrupt)
      #expect(error?.detail.contains("quarantine/\(id)") == true, "\(error.map { "\($0)" } ?? "")")
      #expect(try store.imageIDs() == [] && store.quarantined().map(\.id) == [id])
    }
  }

  @Test("rendering an image whose blob is damaged puts the blob aside, and says where it lies")
  func rendering() throws {
    try TestStore.with { store, directory in
      let base = try store.importImage(TestImage("ex/base", files: ["a": "hello"]).bytes).record.id
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/base"]])
      let id = try store.importImage(top.bytes).record.id
      try store.path.change(StoreLayout.blob(base).string, at: 512 * 4)
      let error = #expect(throws: StoreError.self) { try store.render(id) }
      #expect(error?.code == .corrupt)
      #expect(error?.description.contains("quarantine/\(base)") == true, "\(error.map { "\($0)" } ?? "")")
      #expect(error?.description.contains("\n") == false)
      #expect(try store.imageIDs() == [id])
      #expect(try store.quarantined().map(\.id) == [base])
      #expect(try names(store.path.appending("tmp")) == [])
      #expect(try store.verify().isClean)
    }
  }

  @Test("an image beyond the limits is told of as unreadable, not put aside")
  func limits() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(Self.image.bytes).record.id
      var limits = ArchiveLimits.default
      limits.entries = 2
      let finding = try #require(try store.verify(.init(limits: limits)).findings.only)
      #expect(finding.problem == .unreadable && finding.action == .none, "\(finding)")
      #expect(try store.contains(id))
    }
  }

  @Test("only the images that are asked for are checked, and one that is not there is an error")
  func chosen() throws {
    try TestStore.with { store, _ in
      let ids = try ["a", "b"].map {
        try store.importImage(TestImage("ex/\($0)", files: ["f": $0]).bytes).record.id
      }
      for id in ids { try replaceBlob(of: id, in: store, by: []) }
      let report = try store.verify(.init(images: [ids[0]]))
      #expect(report.findings.map(\.subject) == [.image(ids[0])])
      #expect(try store.imageIDs() == [ids[1]])
      let error = #expect(throws: StoreError.self) { try store.verify(.init(images: [ids[0]])) }
      #expect(error?.code == .notFound)
    }
  }

  @Test("progress never falls, names what is looked at, and may stop the run, which leaves nothing")
  func progress() throws {
    try TestStore.with { store, directory in
      let id = try store.importImage(Self.image.bytes).record.id
      let tree = try store.render(id).id
      let seen = SeenProgress()
      _ = try store.verify(.init(progress: { seen.add($0) }))
      let all = seen.all
      #expect(all.map(\.checkedBytes) == all.map(\.checkedBytes).sorted())
      #expect(all.allSatisfy { $0.checkedBytes <= $0.totalBytes })
      #expect(all.contains { $0.subject == .image(id) } && all.contains { $0.subject == .tree(tree) })
      let before = try directory.contents()
      for subject in [VerificationFinding.Subject.image(id), .tree(tree)] {
        let error = #expect(throws: StoreError.self) {
          try store.verify(.init(progress: { if $0.subject == subject { throw Errno.canceled } }))
        }
        #expect(error?.code == .stopped && error?.cause as? Errno == .canceled)
      }
      #expect(try directory.contents() == before)
    }
  }

  private func replaceBlob(of id: ImageID, in store: ImageStore, by bytes: [UInt8]) throws {
    let blob = store.path.pushing(StoreLayout.blob(id))
    try blob.chmod("", 0o600)
    let file = try FileDescriptor.open(blob, .writeOnly, options: .truncate)
    _ = try file.closeAfter { try file.writeAll(bytes) }
    try blob.chmod("", 0o400)
  }
}

/// What a progress handler was told.
private final class SeenProgress: Sendable {
  private let values = Mutex<[VerificationProgress]>([])

  func add(_ value: VerificationProgress) { values.withLock { $0.append(value) } }
  var all: [VerificationProgress] { values.withLock { $0 } }
}
