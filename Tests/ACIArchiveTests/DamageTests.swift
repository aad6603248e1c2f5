import ACIArchive
import AppcTesting
import Testing

struct DamageTests {
  private let plain = image(
    pax(("path", "rootfs/long"), ("mtime", "1.5")),
    .file("rootfs/short", String(repeating: "abc", count: 400)),
    .directory("rootfs/d"), .symbolicLink("rootfs/d/l", to: "x"), .hardLink("rootfs/h", to: "rootfs/long"))

  private func compressed() throws -> [UInt8] {
    try written(.gzip()) { writer throws(ArchiveError) in
      for index in 0..<40 {
        let content = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* index &* 31) }
        let entry = ArchiveEntry(path: try path("rootfs/\(index)"), kind: .regular, mode: 0o644, size: 300)
        try writer.add(entry, content: content)
      }
    }.bytes
  }

  @Test("a tar cut at any block is refused, but for the last block of zeros")
  func cutTar() {
    for end in stride(from: 0, through: plain.count - 1024, by: 512) {
      #expect(refusal(of: Array(plain[..<end])) != nil, "cut at \(end)")
    }
    #expect(refusal(of: Array(plain[..<(plain.count - 512)])) == nil)
    #expect(refusal(of: plain) == nil)
  }

  @Test("a tar cut anywhere before its end is refused as truncated or damaged and never traps")
  func cutTarAnywhere() {
    for end in stride(from: 1, to: plain.count - 1024, by: 37) {
      #expect(refusal(of: Array(plain[..<end])) != nil, "cut at \(end)")
    }
  }

  @Test("a gzip stream cut anywhere is refused")
  func cutGzip() throws {
    let bytes = try compressed()
    #expect(refusal(of: bytes) == nil)
    for end in 0..<bytes.count {
      #expect(refusal(of: Array(bytes[..<end])) != nil, "cut at \(end)")
    }
  }

  @Test("a changed bit anywhere in a gzip stream is refused, or was of no consequence")
  func flipGzip() throws {
    let bytes = try compressed()
    let id = try Archive.inspect(ByteSource(bytes)).imageID
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      // MTIME, XFL and OS say nothing about the content.
      guard let summary = try? Archive.inspect(ByteSource(changed)) else { continue }
      #expect((4..<10).contains(index) && summary.imageID == id, "byte \(index)")
    }
  }

  @Test("a changed byte in a header is refused")
  func flipHeaders() {
    for index in (0..<512) {
      var changed = plain
      changed[index] ^= 1
      #expect(refusal(of: changed) != nil, "byte \(index)")
    }
  }

  @Test("a tar of noise never traps")
  func noise() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var bytes = plain
      for _ in 0..<8 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      _ = refusal(of: bytes)
      _ = refusal(of: StoredGzip.member(bytes))
    }
  }

  @Test("any bytes follow the end of the archive: refused")
  func afterTheEnd() {
    #expect(refusal(of: plain + image(.file("rootfs/smuggled"))) == .damaged)
    #expect(refusal(of: plain + [UInt8](repeating: 0, count: 700) + [1]) == .damaged)
    #expect(refusal(of: plain + [UInt8](repeating: 0, count: 700)) == nil)
  }
}
