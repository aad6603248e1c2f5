import ACIArchive
import AppcTesting
import Synchronization
import SystemPackage
import Testing

struct SparseFileTests {
  private func sparse(_ version: [(String, String)], _ name: String = "rootfs/f", stored: [UInt8]) -> [UInt8]
  {
    image(
      paxBytes(version.map { ($0.0, Array($0.1.utf8)) }),
      RawTar.Entry("rootfs/GNUSparseFile.1/x", content: stored),
      .file("rootfs/after", "after"))
  }

  /// The content of the third entry, holes as zeros.
  private func content(_ bytes: [UInt8]) throws -> (entry: ArchiveEntry, bytes: [UInt8]) {
    var reader = try ArchiveReader(ByteSource(bytes))
    var found: (ArchiveEntry, [UInt8])?
    while let entry = try reader.next() {
      if entry.path == (try path("rootfs/f")) {
        found = (entry, try reader.content(of: entry, limit: 1 << 20))
      }
    }
    return try #require(found)
  }

  private let expected: [UInt8] = [0, 0, 1, 2, 0, 0, 0, 3, 0, 0]

  @Test("PAX sparse 0.0: pairs of records")
  func version00() throws {
    let file = try content(
      sparse(
        [
          ("GNU.sparse.size", "10"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "2"),
          ("GNU.sparse.numbytes", "2"),
          ("GNU.sparse.offset", "7"), ("GNU.sparse.numbytes", "1"), ("path", "rootfs/f"),
        ], stored: [1, 2, 3]))
    #expect(file.bytes == expected && file.entry.size == 10 && file.entry.storedSize == 3)
  }

  @Test("PAX sparse 0.1: one map record")
  func version01() throws {
    let file = try content(
      sparse(
        [
          ("GNU.sparse.size", "10"), ("GNU.sparse.map", "2,2,7,1"), ("GNU.sparse.name", "rootfs/f"),
        ], stored: [1, 2, 3]))
    #expect(file.bytes == expected)
  }

  @Test("PAX sparse 1.0: the map stands before the data")
  func version10() throws {
    var stored = Array("2\n2\n2\n7\n1\n".utf8)
    stored += [UInt8](repeating: 0, count: 512 - stored.count) + [1, 2, 3]
    let file = try content(
      sparse(
        [
          ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "10"),
          ("GNU.sparse.name", "rootfs/f"),
        ], stored: stored))
    #expect(file.bytes == expected)
  }

  @Test(
    "maps that overlap, go back, end beyond the file or do not fit the data are refused",
    arguments: [
      "0,2,1,2", "4,1,2,1", "9,2", "0,4", "0,1", "0", "a,1", "0,-1", "9223372036854775807,1", ",",
    ])
  func lies(_ map: String) {
    let bytes = sparse(
      [
        ("GNU.sparse.size", "10"), ("GNU.sparse.map", map), ("GNU.sparse.name", "rootfs/f"),
      ], stored: [1, 2, 3])
    #expect(refusal(of: bytes) == .invalidHeader)
  }

  @Test("a map in the content that is one endless line is refused where a number would have ended")
  func endlessLine() {
    let records = [
      ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "10"),
      ("GNU.sparse.name", "rootfs/f"),
    ]
    // The stream ends after the first block: whoever reads on finds that it is truncated.
    let digits = [UInt8](repeating: UInt8(ascii: "0"), count: 1 << 20)
    let bytes = sparse(records, stored: digits).prefix(8 * 512)
    #expect(refusal(of: Array(bytes)) == .invalidHeader)
  }

  @Test("a map of too many runs is refused without cutting it up")
  func tooManyRuns() {
    let map = String(repeating: "0,", count: 300_000) + "0"
    let bytes = sparse(
      [("GNU.sparse.size", "10"), ("GNU.sparse.map", map), ("GNU.sparse.name", "rootfs/f")], stored: [])
    #expect(refusal(of: bytes) == .limitExceeded)
  }

  @Test("any limit of runs is one that can be reckoned with", arguments: [Int.min, -1, 0, 1, Int.max])
  func limits(_ limit: Int) {
    var limits = ArchiveLimits()
    limits.sparseSegments = limit
    let inRecords = sparse(
      [("GNU.sparse.size", "10"), ("GNU.sparse.map", "2,2,7,1"), ("GNU.sparse.name", "rootfs/f")],
      stored: [1, 2, 3])
    #expect(refusal(of: inRecords, limits: limits) == (limit > 1 ? nil : .limitExceeded))
    let version1 = [
      ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "10"),
      ("GNU.sparse.name", "rootfs/f"),
    ]
    let inContent = Array("9223372036854775807\n".utf8) + [UInt8](repeating: 0, count: 492)
    #expect(refusal(of: sparse(version1, stored: inContent), limits: limits) == .limitExceeded)
  }

  @Test("a sparse file's name passes the same rules as any other")
  func names() {
    let bytes = sparse(
      [
        ("GNU.sparse.size", "10"), ("GNU.sparse.map", "0,3"), ("GNU.sparse.name", "../pwned"),
      ], stored: [1, 2, 3])
    #expect(refusal(of: bytes) == .invalidName)
  }

  @Test("a map of a larger file than the entry's is not written")
  func foreignMap() throws {
    let map = try SparseMap([.init(offset: 8, length: 2)], size: 10)
    let entry = ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0, size: 5, sparseMap: map)
    #expect(throws: ArchiveError.self) {
      try ACIArchiveTests.written { writer throws(ArchiveError) in
        try writer.add(entry, content: [1, 2, 3, 4, 5])
      }
    }
  }

  @Test("whoever stops an extraction is heard while a hole is hashed")
  func stoppedInHole() throws {
    struct Enough: Error {}
    let bytes = sparse(
      [("GNU.sparse.size", "2000000000"), ("GNU.sparse.map", "0,3"), ("GNU.sparse.name", "rootfs/f")],
      stored: [1, 2, 3])
    let calls = Mutex(0)
    // The image is one block, so whatever comes after the first call comes from the hole.
    let options = ArchiveReader.Options(progress: { _ in
      if calls.withLock({
        $0 += 1
        return $0 == 2
      }) {
        throw Enough()
      }
    })
    try TemporaryDirectory.with(.memory) { directory in
      let root = try FileDescriptor.open(directory.path, .readOnly, options: .directory)
      defer { try? root.close() }
      let error = #expect(throws: ArchiveError.self) {
        var reader = try ArchiveReader(ByteSource(bytes), options: options)
        var extractor = try Extractor(into: root, options: .init(ownership: .caller), observer: { _ in })
        while let entry = try reader.next() { try extractor.extract(entry, content: &reader) }
        _ = try extractor.finish()
      }
      #expect(error?.code == .stopped && error?.cause is Enough)
    }
  }

  @Test("sparse files are written and read back")
  func written() throws {
    var bytes = [UInt8](repeating: 0, count: 5000)
    (bytes[600], bytes[4999]) = (1, 2)
    let map = try SparseMap([.init(offset: 512, length: 512), .init(offset: 4608, length: 392)], size: 5000)
    let entry = ArchiveEntry(
      path: try path("rootfs/f"), kind: .regular, mode: 0o644, size: 5000, sparseMap: map)
    let image = try ACIArchiveTests.written { writer throws(ArchiveError) in
      try writer.add(entry, content: bytes)
    }.bytes
    let file = try content(image)
    #expect(file.bytes == bytes && file.entry.sparseMap == map)
  }
}
