@testable import ACIArchive
import AppcSchema
import AppcTesting
import Testing

struct CompressionTests {
  private let plain = image(.file("rootfs/a", String(repeating: "content ", count: 3000)))

  private func id(_ bytes: [UInt8]) throws -> String {
    try Archive.inspect(ByteSource(bytes)).imageID.description
  }

  /// A Zstandard frame of uncompressed blocks.
  private func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
    var rest = bytes[...]
    while !rest.isEmpty {
      let block = rest.prefix(1 << 16)
      rest = rest.dropFirst(block.count)
      let header = block.count << 3 | (rest.isEmpty ? 1 : 0)
      frame += [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + block
    }
    return frame
  }

  @Test("C1: SHA-512 of the stream is the image ID")
  func digest() throws {
    var digest = try ImageDigest()
    try Array("abc".utf8).withUnsafeBytes { try digest.update($0) }
    #expect(
      try digest.finish().description == "sha512-"
        + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
  }

  @Test("C1: the image ID does not depend on the compression")
  func sameIdentity() throws {
    let expected = try id(plain)
    #expect(try id(StoredGzip.member(plain)) == expected)
    #expect(try id(zstd(plain)) == expected)
    #expect(try Archive.inspect(ByteSource(zstd(plain))).compression == .zstd)
  }

  @Test("C2: every byte of the padding counts for the image ID, and the sink sees it")
  func padding() throws {
    let padded = plain + [UInt8](repeating: 0, count: 10_240)
    #expect(try id(padded) != id(plain))
    let seen = Counter()
    let options = ArchiveReader.Options { seen.add($0.count) }
    _ = try Archive.inspect(ByteSource(padded), options: options)
    #expect(seen.value == padded.count)
  }

  @Test("C2: a sink that throws stops the reading with its own error as the cause")
  func sinkStops() {
    struct Full: Error {}
    do throws(ArchiveError) {
      _ = try Archive.inspect(ByteSource(plain), options: .init { _ in throw Full() })
      Issue.record("the sink's error was lost")
    } catch {
      #expect(error.code == .stopped && error.cause is Full)
    }
  }

  @Test("concatenated gzip members are one stream, wherever they are cut")
  func members() throws {
    for cut in [1, 511, 512, 700, 1024, plain.count - 1] {
      let bytes = StoredGzip.member(Array(plain[..<cut])) + StoredGzip.member(Array(plain[cut...]))
      #expect(try id(bytes) == id(plain))
    }
    let empty = StoredGzip.member([])
    #expect(try id(empty + StoredGzip.member(plain) + empty) == id(plain))
  }

  @Test("a gzip stream's checksum and length are checked, and nothing may follow it")
  func trailer() {
    let good = StoredGzip.member(plain)
    var wrong = good
    wrong[good.count - 8] ^= 1
    #expect(refusal(of: wrong) == .damaged)
    wrong = good
    wrong[good.count - 1] ^= 1
    #expect(refusal(of: wrong) == .damaged)
    #expect(refusal(of: good + [0]) == .damaged)
    #expect(refusal(of: good + [UInt8](repeating: 0, count: 512)) == .damaged)
    #expect(refusal(of: good + Array("garbage".utf8)) == .damaged)
  }

  @Test("gzip headers with every optional field are read, and their checksum is checked")
  func headers() throws {
    let body = StoredGzip.member(plain)[10...]
    let named: [UInt8] =
      [0x1F, 0x8B, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3] + Array("name\0comment\0".utf8)
    #expect(try id(named + body) == id(plain))
    // CRC-16 of the ten bytes below.
    let header: [UInt8] = [0x1F, 0x8B, 8, 2, 0, 0, 0, 0, 0, 3]
    let checksum = crc16(header)
    #expect(try id(header + [UInt8(checksum & 255), UInt8(checksum >> 8)] + body) == id(plain))
    #expect(refusal(of: header + [UInt8(checksum & 255) ^ 1, UInt8(checksum >> 8)] + body) == .damaged)
    #expect(refusal(of: [0x1F, 0x8B, 8, 0x20, 0, 0, 0, 0, 0, 3] + body) == .damaged)
    #expect(refusal(of: [0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3] + body) == .damaged)
  }

  @Test("compression inside of compression is refused")
  func twice() {
    #expect(refusal(of: StoredGzip.member(StoredGzip.member(plain))) == .notAnImage)
    #expect(refusal(of: StoredGzip.member(zstd(plain))) == .notAnImage)
    #expect(refusal(of: zstd(StoredGzip.member(plain))) == .notAnImage)
    #expect(refusal(of: zstd(zstd(plain))) != nil)
  }

  @Test("trailing bytes after a zstd frame are refused")
  func zstdGarbage() {
    #expect(refusal(of: zstd(plain) + Array("garbage".utf8)) == .damaged)
  }

  @Test("B8: an encrypted image is named as such")
  func encrypted() {
    let zeros = [UInt8](repeating: 0x55, count: 600)
    #expect(refusal(of: [0x8C, 0x0D, 0x04, 0x09] + zeros) == .encrypted)
    #expect(refusal(of: [0x85, 0x01, 0x0C, 0x03] + zeros) == .encrypted)
    #expect(refusal(of: [0xC3, 0x0D, 0x04, 0x09] + zeros) == .encrypted)
    #expect(refusal(of: Array("-----BEGIN PGP MESSAGE-----\n\n".utf8) + zeros) == .encrypted)
  }

  @Test("what is nothing of all this is refused by name")
  func noise() {
    #expect(refusal(of: []) == .truncated)
    #expect(refusal(of: [1]) == .truncated)
    #expect(refusal(of: [UInt8](repeating: 0, count: 10_240)) == .notAnImage)
    #expect(refusal(of: Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 7, count: 600)) == .notAnImage)
  }

  @Test("an image that expands too far is refused while it expands")
  func bombs() throws {
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    let bomb = try written(.gzip()) { writer throws(ArchiveError) in
      for index in 0..<20 {
        let entry = ArchiveEntry(
          path: try path("rootfs/\(index)"), kind: .regular, mode: 0o644, size: 1 << 20)
        try writer.add(entry, content: zeros)
      }
    }
    #expect(refusal(of: bomb.bytes) == .limitExceeded)
    var limits = ArchiveLimits()
    limits.ratio = 2000
    #expect(refusal(of: bomb.bytes, limits: limits) == nil)
    limits.expandedBytes = 10 << 20
    #expect(refusal(of: bomb.bytes, limits: limits) == .limitExceeded)
  }

  private func crc16(_ bytes: [UInt8]) -> UInt16 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return UInt16(truncatingIfNeeded: ~value)
  }
}

/// Counts from a `@Sendable` closure that is called by one thread.
final class Counter: @unchecked Sendable {
  // Unchecked: the reader calls its sink on the thread that reads.
  private(set) var value = 0

  func add(_ count: Int) { value += count }
}
