import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

struct ArchiveWriterTests {
  /// Entries that use everything a tar can say.
  private func everything() throws(ArchiveError) -> [(entry: ArchiveEntry, content: [UInt8])] {
    let long = String(repeating: "long", count: 30)
    let time = FileTime(seconds: -5, nanoseconds: 123_456_789)
    func entry(_ name: String, _ kind: EntryKind, _ change: (inout ArchiveEntry) -> Void = { _ in })
      throws(ArchiveError)
      -> ArchiveEntry
    {
      var entry = ArchiveEntry(path: try path(name), kind: kind, mode: 0o640)
      change(&entry)
      return entry
    }
    return [
      (try entry("rootfs/empty", .regular), []),
      (
        try entry("rootfs/file", .regular) {
          ($0.size, $0.uid, $0.gid, $0.mode, $0.modified) = (3, 4_000_000_000, 3_000_000, 0o6755, time)
          $0.xattrs = [
            ExtendedAttribute(name: Array("user.a".utf8), value: [0, 0x0A, 0xFF]),
            ExtendedAttribute(name: Array("user.b".utf8), value: []),
          ]
        }, [1, 2, 3]
      ),
      (try entry("rootfs/\(long)", .directory) { $0.modified = FileTime(seconds: 1 << 40) }, []),
      (
        try entry("rootfs/\(long)/\(long)/\(long)", .regular) { $0.size = 512 },
        [UInt8](repeating: 7, count: 512)
      ),
      (
        try entry("rootfs/\(long)/\(long)/link", .symbolicLink) { $0.linkTarget = Array((long + long).utf8) },
        []
      ),
      (
        try entry("rootfs/hard", .hardLink) { $0.linkTarget = Array("rootfs/\(long)/\(long)/\(long)".utf8) },
        []
      ),
      (try entry("rootfs/\u{E9}\n\u{1B}", .regular), []),
      (try entry("rootfs/char", .characterDevice) { ($0.deviceMajor, $0.deviceMinor) = (1, 1_000_000) }, []),
      (try entry("rootfs/block", .blockDevice) { ($0.deviceMajor, $0.deviceMinor) = (4095, 0) }, []),
      (try entry("rootfs/fifo", .fifo), []),
    ]
  }

  private func write(_ compression: OutputCompression, threads: Int? = nil) throws(ArchiveError)
    -> WrittenArchive
  {
    try written(compression, threads: threads) { writer throws(ArchiveError) in
      for (entry, content) in try everything() { try writer.add(entry, content: content) }
    }
  }

  @Test(
    "B6: what is written is read back, field by field",
    arguments: [OutputCompression.none, .gzip(), .gzip(level: 1)])
  func roundTrip(_ compression: OutputCompression) throws {
    let bytes = try write(compression).bytes
    try #expect(entries(of: bytes).dropFirst(2).elementsEqual(everything().map(\.entry)))
    var reader = try ArchiveReader(ByteSource(bytes))
    var contents: [[UInt8]] = []
    while let entry = try reader.next() { contents.append(try reader.content(of: entry, limit: 1 << 20)) }
    try #expect(contents.dropFirst(2).elementsEqual(everything().map(\.content)))
  }

  @Test("C1: the writer knows the image ID that a reader will find")
  func identity() throws {
    let plain = try write(.none)
    let gzip = try write(.gzip())
    let summary = try Archive.inspect(ByteSource(gzip.bytes))
    #expect(summary.imageID == gzip.imageID && gzip.imageID == plain.imageID)
    #expect(summary.tarBytes == gzip.tarBytes && summary.compressedBytes == gzip.compressedBytes)
    #expect(summary.entryCount == gzip.entryCount && Int64(plain.bytes.count) == plain.tarBytes)
  }

  @Test("B14: the output is the same however many threads compress it")
  func deterministic() throws {
    let noise = (0..<5_000_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    func write(_ threads: Int) throws(ArchiveError) -> [UInt8] {
      try written(.gzip(level: 1), threads: threads) { writer throws(ArchiveError) in
        let entry = ArchiveEntry(
          path: try path("rootfs/f"), kind: .regular, mode: 0o644, size: Int64(noise.count))
        try writer.add(entry, content: noise)
      }.bytes
    }
    let once = try write(1)
    try #expect(write(2) == once)
    try #expect(write(5) == once)
    #expect(refusal(of: once) == nil)
  }

  @Test("names of every length around the limits of ustar survive")
  func names() throws {
    for length in Array(90...110) + Array(150...165) + Array(245...262) {
      let directory = String(repeating: "d", count: length / 2)
      let name = "rootfs/\(directory)/" + String(repeating: "f", count: length - length / 2)
      for kind in [EntryKind.regular, .directory] {
        let bytes = try written { writer throws(ArchiveError) in
          try writer.add(ArchiveEntry(path: try path(name), kind: kind, mode: 0o755))
        }.bytes
        try #expect(entries(of: bytes)[2].path == path(name))
      }
    }
  }

  @Test("GNU tar reads what is written")
  func gnuTar() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write(write(.gzip()).bytes, to: "image.aci")
      let listed = try run(["tar", "-tzf", directory.appending("image.aci").string])
      #expect(listed.status == 0)
      #expect(listed.output.split(separator: 0x0A).count == (try everything()).count + 2)
    }
  }

  @Test("what would break a rule of the format is not written")
  func rules() throws {
    var writer = try ArchiveWriter(options: .init(compression: .none))
    func refusal(_ body: (inout ArchiveWriter) throws(ArchiveError) -> Void) -> ArchiveError.Code? {
      do throws(ArchiveError) {
        try body(&writer)
        return nil
      } catch {
        return error.code
      }
    }
    let rootfs = ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755)
    #expect(refusal { writer throws(ArchiveError) in try writer.add(rootfs) } == .invalidLayout)
    #expect(refusal { writer throws(ArchiveError) in try writer.addManifest(plainManifest) } == nil)
    #expect(
      refusal { writer throws(ArchiveError) in try writer.addManifest(plainManifest) } == .duplicateEntry)
    #expect(
      refusal { writer throws(ArchiveError) in
        try writer.add(ArchiveEntry(path: try path("other"), kind: .regular, mode: 0))
      } == .invalidLayout)
    #expect(
      refusal { writer throws(ArchiveError) in
        try writer.add(
          ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0, size: 2), content: [1])
      } == .contentMismatch)
    #expect(refusal { writer throws(ArchiveError) in _ = try writer.finish() } == .invalidLayout)
    #expect(throws: ArchiveError.self) {
      _ = try ArchiveWriter(options: .init(compression: .gzip(level: 13)))
    }
  }

  @Test("a file that is longer or shorter than its entry says is an error")
  func files() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let name = try directory.write("12345", to: "file")
      for (size, code) in [(5, nil), (4, .contentMismatch), (6, .contentMismatch)]
        as [(Int64, ArchiveError.Code?)]
      {
        let file = try FileDescriptor.open(name, .readOnly)
        try file.closeAfter {
          do throws(ArchiveError) {
            let archive = try written { writer throws(ArchiveError) in
              let entry = ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0o644, size: size)
              try writer.add(entry, contentOf: file)
            }
            #expect(code == nil && refusal(of: archive.bytes) == nil)
          } catch {
            #expect(error.code == code)
          }
        }
      }
    }
  }

  @Test("a full disk is an error that says so")
  func fullDisk() throws {
    let full = try FileDescriptor.open("/dev/full", .writeOnly)
    try full.closeAfter {
      var writer = try ArchiveWriter(to: full)
      try writer.addManifest(plainManifest)
      try writer.add(ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755))
      do throws(ArchiveError) {
        _ = try writer.finish()
        Issue.record("nothing was wrong")
      } catch {
        #expect(error.errno == .noSpace)
      }
    }
  }

  @Test("written, read and extracted, a tree is what it was", .enabled(if: geteuid() == 0))
  func extracted() throws {
    let bytes = try write(.gzip()).bytes
    try withExtracted(bytes, .init(devices: .create)) { root, _ in
      for (entry, content) in try everything() where entry.kind != .hardLink {
        let place = FilePath(root.string + "/" + String(decoding: entry.path.bytes, as: UTF8.self))
        let status = try FileStatus(place)
        #expect(
          status.modified == entry.modified && status.uid == entry.uid && status.gid == entry.gid,
          "\(entry.path)")
        if entry.kind == .regular { try #expect(read(place) == content) }
        if entry.kind != .symbolicLink {
          #expect(status.mode & 0o7777 == UInt32(entry.mode), "\(entry.path)")
        }
      }
    }
  }
}
