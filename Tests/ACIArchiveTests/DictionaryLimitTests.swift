import AppcTesting
import Testing

@testable import ACIArchive

/// Memory that a stream asks for is known before a decoder takes it: in every block of every stream.
struct DictionaryLimitTests {
  private let plain = image(.file("rootfs/a", String(repeating: "content ", count: 3000)))

  /// A stream of two blocks, the second of which asks for the dictionary with this code (0x25 is 1.5 GiB).
  private func twoBlocks(code: UInt8) throws -> [UInt8] {
    let content = plain + [UInt8](repeating: 0, count: (5 << 19) + 512 - plain.count)
    var bytes = try compressed(content, .xz(level: 0))
    let first = try header(bytes, at: 12)
    let data = UInt64(first.size) + (try #require(first.compressedSize)) + 8
    ask(&bytes, at: 12 + Int(data) + XZFormat.padding(after: data), code)
    return bytes
  }

  private func header(_ bytes: [UInt8], at offset: Int) throws -> XZBlockHeader {
    try #require(XZBlockHeader(Array(bytes[offset..<offset + XZBlockHeader.size(bytes[offset])])))
  }

  /// Changes the dictionary that the block at `offset` asks for.
  private func ask(_ bytes: inout [UInt8], at offset: Int, _ code: UInt8) {
    let size = XZBlockHeader.size(bytes[offset])
    var header = Array(bytes[offset..<offset + size - 4])
    for index in 2..<header.count - 2 where header[index] == 0x21 && header[index + 1] == 1 {
      header[index + 2] = code
    }
    bytes.replaceSubrange(offset..<offset + size, with: XZFormat.sealed(header))
  }

  private func error(of bytes: [UInt8], dictionaryBytes: Int64 = 256 << 20) -> ArchiveError? {
    var limits = ArchiveLimits()
    limits.dictionaryBytes = dictionaryBytes
    do throws(ArchiveError) {
      _ = try entries(of: bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test("xz: the dictionary of every block counts, not only of the first")
  func laterBlock() throws {
    #expect(error(of: try twoBlocks(code: 0x10)) == nil)
    let refused = try #require(error(of: try twoBlocks(code: 0x25)))
    #expect(refused.code == .limitExceeded && refused.detail.contains("1610612736"), "\(refused)")
    let allowed = try #require(error(of: try twoBlocks(code: 0x25), dictionaryBytes: 4 << 30))
    #expect(allowed.code == .limitExceeded && allowed.detail.contains("libarchive"), "\(allowed)")
    // 384 MiB are above our limit and below the library's.
    #expect(error(of: try twoBlocks(code: 0x21))?.detail.contains("dictionaryBytes") == true)
    #expect(error(of: try twoBlocks(code: 0x21), dictionaryBytes: 1 << 30) == nil)
  }

  @Test("xz: so does the dictionary of a later stream, after padding, too")
  func laterStream() throws {
    let first = try compressed(Array(plain[..<1000]), .xz(level: 0))
    var second = try compressed(Array(plain[1000...]), .xz(level: 0))
    #expect(error(of: first + second) == nil)
    ask(&second, at: 12, 0x25)
    #expect(error(of: first + second)?.code == .limitExceeded)
    #expect(error(of: first + [0, 0, 0, 0] + second)?.code == .limitExceeded)
  }

  @Test("xz: blocks are found in what every option of xz makes, also one byte at a time")
  func follows() throws {
    for form in PackedForm.all where form.compression == .xz {
      let bytes = try form.pack(plain) + [0, 0, 0, 0] + form.pack(plain)
      for piece in [1, 7, 1 << 20] {
        var follower = XZFollower(allowed: 256 << 20)
        for start in stride(from: 0, to: bytes.count, by: piece) {
          try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { try follower.follow($0) }
        }
        try follower.finish()
      }
      var strict = XZFollower(allowed: 4095)
      #expect(throws: ArchiveError.self) { try bytes.withUnsafeBytes { try strict.follow($0) } }
    }
  }

  @Test("what no decoder takes is damage to the one that follows it, and never a trap")
  func noise() throws {
    var generator = SystemRandomNumberGenerator()
    for form in PackedForm.all where form.compression == .xz || form.compression == .zstd {
      let bytes = try form.pack(plain)
      for _ in 0..<200 {
        var changed = bytes
        for _ in 0..<4 {
          changed[.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        _ = refusal(of: changed)
      }
    }
  }

  /// A frame of raw blocks after this header.
  private func frame(_ header: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var frame = ZstdFrameHeader.magic + header
    var rest = bytes[...]
    while !rest.isEmpty {
      let block = rest.prefix(1 << 16)
      rest = rest.dropFirst(block.count)
      let size = block.count << 3 | (rest.isEmpty ? 1 : 0)
      frame += [UInt8(size & 255), UInt8(size >> 8 & 255), UInt8(size >> 16)] + block
    }
    return frame
  }

  @Test("zstd: the window of every frame counts, and that of a frame without one is its content")
  func windows() throws {
    func window(_ log: UInt8) -> [UInt8] { [0, (log - 10) << 3] }
    let (first, rest) = (Array(plain[..<1000]), Array(plain[1000...]))
    #expect(error(of: frame(window(27), plain)) == nil)
    for log in [28, 30, 41] as [UInt8] {
      let refused = try #require(error(of: frame(window(log), plain)))
      #expect(refused.code == .limitExceeded && refused.detail.contains("libarchive"), "\(refused)")
      #expect(error(of: frame(window(20), first) + frame(window(log), rest))?.code == .limitExceeded)
    }
    let single: [UInt8] = [0xA0, 0, 0, 0, 0x20]
    #expect(error(of: frame(single, plain))?.code == .limitExceeded)
    #expect(error(of: frame(window(21), plain), dictionaryBytes: 1 << 20)?.code == .limitExceeded)
    #expect(error(of: frame(window(20), plain), dictionaryBytes: 1 << 20) == nil)
  }

  @Test("zstd: frames that are skipped are no content, and older formats are none at all")
  func otherFrames() throws {
    let skipped: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let bytes = try compressed(plain, .zstd())
    #expect(error(of: bytes + skipped) == nil)
    #expect(error(of: bytes + skipped + [0x27, 0xB5, 0x2F, 0xFD, 0, 0, 0])?.code == .damaged)
    #expect(error(of: bytes + skipped.dropLast())?.code == .truncated)
  }
}
