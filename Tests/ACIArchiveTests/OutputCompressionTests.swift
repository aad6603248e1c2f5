import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIArchive

/// Every compression that is written, read by us and by the programs that everybody has.
struct OutputCompressionTests {
  /// Each at a level that is quick to try.
  static let all: [OutputCompression] = [.gzip(level: 1), .bzip2(level: 1), .xz(level: 0), .zstd(level: 1)]

  /// Noise and repetition, about as compressible as programs are; quick to make, for it is made often.
  private func sample(_ count: Int) -> [UInt8] {
    let noise = (0..<40_009).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 2 * noise.count)
    while bytes.count < count {
      bytes += "\(bytes.count)".utf8
      bytes += noise[(bytes.count % 30_000)...]
    }
    return Array(bytes.prefix(count))
  }

  private func decompress(_ bytes: [UInt8], _ compression: OutputCompression) throws(ArchiveError) -> [UInt8]
  {
    try expanded(bytes, compression.compression)
  }

  /// Sizes around the borders of blocks, and more blocks than there are slots.
  private func sizes(_ compression: OutputCompression) throws -> [Int] {
    let block = try #require(try compression.coding()).blockSize
    return [0, 1, 511, block - 1, block, block + 1, 2 * block, 5 * block + 17]
  }

  @Test("what is compressed is read back, whatever its size", arguments: all)
  func roundTrip(_ compression: OutputCompression) throws {
    // libarchive's raw format takes no stream without content, and neither is one an image.
    for size in try sizes(compression).dropFirst() {
      let bytes = sample(size)
      let packed = try compressed(bytes, compression)
      #expect(try decompress(packed, compression) == bytes, "\(size) bytes")
    }
  }

  @Test("gzip, bzip2, xz and zstd find our streams whole, and read what we wrote", arguments: all)
  func realPrograms(_ compression: OutputCompression) throws {
    let program = compression.compression.description
    try TemporaryDirectory.with(.memory) { directory in
      for size in try sizes(compression) {
        let bytes = sample(size)
        let file = try directory.write(try compressed(bytes, compression), to: "packed")
        let input = "< '\(file)' 2>/dev/null"
        #expect(try run(["sh", "-c", "\(program) -t \(input)"]).status == 0, "\(size) bytes")
        let read = try run(["sh", "-c", "\(program) -dc \(input)"])
        #expect(read.status == 0 && read.output == bytes, "\(size) bytes")
      }
    }
  }

  @Test("our reader reads what gzip, bzip2, xz and zstd write", arguments: all)
  func realWriters(_ compression: OutputCompression) throws {
    let bytes = sample(700_000)
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(bytes, to: "plain")
      for level in ["-1", "-6", "-9"] {
        let packed = try run([compression.compression.description, level, "-c", file.string]).output
        #expect(try decompress(packed, compression) == bytes, "\(level)")
      }
    }
  }

  @Test("B14: neither the threads nor the pieces that come in change a byte of the output", arguments: all)
  func deterministic(_ compression: OutputCompression) throws {
    let block = try #require(try compression.coding()).blockSize
    let bytes = sample(6 * block + 999)
    let expected = try compressed(bytes, compression, threads: 1)
    for threads in 2...4 {
      #expect(try compressed(bytes, compression, threads: threads) == expected, "\(threads) threads")
    }
    #expect(try compressed(bytes, compression, threads: 3, pieces: 77_777) == expected)
  }

  @Test("xz: one stream of blocks that tell their sizes, so that xz can read several at once")
  func xzBlocks() throws {
    let bytes = sample(9 << 20)
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(try compressed(bytes, .xz(level: 0)), to: "a.xz")
      let listed = try run(["xz", "--robot", "-lvv", file.string]).output
      let lines = String(decoding: listed, as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: "\t")
      }
      let totals = try #require(lines.first { $0.first == "totals" })
      #expect(totals[1] == "1" && totals[2] == "4" && totals[4] == "\(bytes.count)" && totals[6] == "CRC64")
      let summary = try #require(lines.first { $0.first == "summary" })
      #expect(summary[2] == "yes", "sizes in headers")
    }
  }

  @Test("zstd: frames tell the length and a checksum of their content")
  func zstdFrames() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(try compressed(sample(9 << 20), .zstd(level: 1)), to: "a.zst")
      let listed = try run(["sh", "-c", "zstd -lv '\(file)' 2>/dev/null"]).output
      let text = String(decoding: listed, as: UTF8.self)
      #expect(text.contains("Check: XXH64") && text.contains("\(9 << 20) B"), "\(text)")
    }
  }

  @Test("a full disk is an error that says so, in whatever compression", arguments: all)
  func fullDisk(_ compression: OutputCompression) throws {
    let full = try FileDescriptor.open("/dev/full", .writeOnly)
    try full.closeAfter {
      var writer = try ArchiveWriter(to: full, options: .init(compression: compression, threads: 2))
      let content = sample(12 << 20)
      do throws(ArchiveError) {
        try writer.addManifest(plainManifest)
        try writer.add(ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755))
        let size = Int64(content.count)
        try writer.add(
          ArchiveEntry(path: try path("rootfs/a"), kind: .regular, mode: 0o644, size: size), content: content)
        _ = try writer.finish()
        Issue.record("nothing was wrong")
      } catch {
        #expect(error.errno == .noSpace)
      }
    }
  }

  @Test("a writer that is given up in the middle ends its threads", arguments: all)
  func givenUp(_ compression: OutputCompression) throws {
    let coding = try #require(try compression.coding())
    for threads in 1...3 {
      let compressor = BlockCompressor(ByteSink(.memory), coding, threads: threads, limits: .default)
      let bytes = sample(coding.blockSize + 1)
      try bytes.withUnsafeBytes { try compressor.write($0) }
      try bytes.withUnsafeBytes { try compressor.write($0) }
    }
  }

  @Test("an image that a reader may take for a bomb is known as such", arguments: all)
  func bombs(_ compression: OutputCompression) throws {
    let zeros = [UInt8](repeating: 0, count: 40 << 20)
    let bomb = try written(compression) { writer throws(ArchiveError) in
      let entry = ArchiveEntry(path: try path("rootfs/0"), kind: .regular, mode: 0o644, size: 40 << 20)
      try writer.add(entry, content: zeros)
    }
    #expect(bomb.exceedsRatio)
    // Zeros that the noise before them pays for.
    let noise = try run(["head", "-c", "1000000", "/dev/urandom"]).output
    let fine = try written(compression) { writer throws(ArchiveError) in
      let entry = ArchiveEntry(path: try path("rootfs/0"), kind: .regular, mode: 0o644, size: 41_000_000)
      try writer.add(entry, content: noise + zeros[..<40_000_000])
    }
    #expect(!fine.exceedsRatio && refusal(of: fine.bytes) == nil)
  }

  @Test(
    "a level that does not exist is refused before anything is written",
    arguments: [
      OutputCompression.gzip(level: 0), .gzip(level: 13), .bzip2(level: 0), .bzip2(level: 10), .xz(level: -1),
      .xz(level: 10), .zstd(level: 0), .zstd(level: 20),
    ])
  func levels(_ compression: OutputCompression) {
    let error = #expect(throws: ArchiveError.self) { try written(compression) }
    #expect(error?.code == .unsupported)
  }

  @Test("compressions are written as a name and a level")
  func text() {
    let texts = ["gzip", "bzip2", "xz", "zstd", "none", "gzip:12", "bzip2:1", "xz:9", "zstd:19"]
    for text in texts { #expect(OutputCompression(text)?.description == text) }
    #expect(OutputCompression("xz:2") == .xz() && OutputCompression("xz:2")?.description == "xz")
    for text in ["", "xz:", "none:1", "XZ", "xz:a", "xz:1:2", ":1", "lzma", "xz: 1"] {
      #expect(OutputCompression(text) == nil, "\(text)")
    }
    for compression in Compression.allCases {
      #expect(OutputCompression(compression).compression == compression)
    }
  }

  @Test(
    "xxHash is as its reference implementation has it",
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("abcdefghijklmnopqrstuvwxyz0123456789", 0x64F2_3ECF_1609_B766),
    ] as [(String, UInt64)])
  func hash(_ text: String, _ expected: UInt64) {
    Array(text.utf8).withUnsafeBytes { #expect(XXHash64.hash($0) == expected) }
  }
}
