import AppcTesting
import Testing

@testable import ACIArchive

/// A way to compress, ours or that of a program that everybody has.
struct PackedForm: CustomTestStringConvertible, Sendable {
  let compression: Compression
  /// The program and its options; nil for our writer.
  let command: [String]?
  /// Whether a change in the data cannot go unnoticed.
  var hasChecksum = true

  var testDescription: String { command?.joined(separator: " ") ?? "our \(compression)" }

  static let all =
    [Compression.gzip, .bzip2, .xz, .zstd].flatMap { compression in
      [
        PackedForm(compression: compression, command: nil),
        PackedForm(compression: compression, command: ["\(compression)", "-c"]),
      ]
    } + [
      PackedForm(compression: .gzip, command: ["gzip", "-1", "-c"]),
      PackedForm(compression: .bzip2, command: ["bzip2", "-1", "-c"]),
      PackedForm(compression: .xz, command: ["xz", "-C", "none", "-c"], hasChecksum: false),
      PackedForm(compression: .xz, command: ["xz", "-C", "crc32", "-c"]),
      PackedForm(compression: .xz, command: ["xz", "-C", "sha256", "-c"]),
      PackedForm(compression: .xz, command: ["xz", "-T2", "--block-size=1KiB", "-c"]),
      PackedForm(compression: .xz, command: ["xz", "-T1", "--block-size=1KiB", "-c"]),
      PackedForm(compression: .xz, command: ["xz", "--x86", "--delta=dist=4", "--lzma2=preset=6", "-c"]),
      PackedForm(compression: .zstd, command: ["zstd", "--no-check", "-c"], hasChecksum: false),
      PackedForm(compression: .zstd, command: ["zstd", "--long=20", "-c"]),
    ]

  /// Compresses bytes.
  func pack(_ bytes: [UInt8]) throws -> [UInt8] {
    guard let command else { return try compressed(bytes, OutputCompression(compression)) }
    return try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(bytes, to: "plain")
      let result = try run(["sh", "-c", "\(command.joined(separator: " ")) < '\(file)' 2> /dev/null"])
      try #require(result.status == 0, "\(testDescription)")
      return result.output
    }
  }
}

/// What our writer makes of bytes that are no image.
func compressed(
  _ bytes: [UInt8], _ compression: OutputCompression, threads: Int = 2, pieces: Int = 1 << 20
) throws(ArchiveError) -> [UInt8] {
  guard let coding = try compression.coding() else { return bytes }
  let compressor = BlockCompressor(ByteSink(.memory), coding, threads: threads, limits: .default)
  var rest = bytes[...]
  while !rest.isEmpty {
    let piece = Array(rest.prefix(pieces))
    rest = rest.dropFirst(piece.count)
    try piece.withUnsafeBufferPointer { piece throws(ArchiveError) in
      try compressor.write(UnsafeRawBufferPointer(piece))
    }
  }
  return try compressor.finish().bytes
}

/// All that comes out of compressed bytes.
func expanded(
  _ bytes: [UInt8], _ compression: Compression, limits: ArchiveLimits = .default
) throws(ArchiveError) -> [UInt8] {
  let decompressor = try makeDecompressor(compression, of: CompressedInput(ByteSource(bytes)), limits: limits)
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
  defer { buffer.deallocate() }
  var result: [UInt8] = []
  while true {
    let count = try decompressor.read(into: buffer)
    guard count > 0 else { return result }
    result += buffer[..<count]
  }
}
