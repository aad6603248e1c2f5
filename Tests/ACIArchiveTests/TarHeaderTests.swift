@testable import ACIArchive
import AppcTesting
import Testing

/// Changes bytes of the header at block `index` and makes its checksum right again.
private func patched(_ bytes: [UInt8], block index: Int, _ change: (inout ArraySlice<UInt8>) -> Void)
  -> [UInt8]
{
  var bytes = bytes
  let range = index * 512..<(index + 1) * 512
  var block = bytes[range]
  change(&block)
  let start = block.startIndex
  block.replaceSubrange(start + 148..<start + 156, with: Array("        ".utf8))
  let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
  let text = Array((String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0 ").utf8)
  block.replaceSubrange(start + 148..<start + 156, with: text)
  bytes.replaceSubrange(range, with: block)
  return bytes
}

struct TarHeaderTests {
  /// manifest, its content, rootfs, then the entry of interest.
  private let third = 3

  @Test("every kind of entry is read with its metadata")
  func kinds() throws {
    let found = try entries(
      of: image(
        RawTar.Entry("rootfs/f", mode: 0o4755, uid: 1, gid: 2, modified: 3, content: [1, 2, 3]),
        .symbolicLink("rootfs/s", to: "../../etc/passwd"),
        .hardLink("rootfs/h", to: "./rootfs/f"),
        RawTar.Entry("rootfs/c", type: "3", device: (1, 3)),
        RawTar.Entry("rootfs/b", type: "4", device: (8, 0)),
        RawTar.Entry("rootfs/p", type: "6")))
    #expect(
      found.map(\.kind) == [
        .regular, .directory, .regular, .symbolicLink, .hardLink, .characterDevice, .blockDevice, .fifo,
      ])
    let file = found[2]
    #expect(file.mode == 0o4755 && file.uid == 1 && file.gid == 2 && file.size == 3)
    #expect(file.modified == FileTime(seconds: 3))
    #expect(found[3].linkTarget == Array("../../etc/passwd".utf8))
    #expect(found[4].linkTarget == Array("rootfs/f".utf8))
    #expect(found[5].deviceMajor == 1 && found[5].deviceMinor == 3)
  }

  @Test("a wrong checksum is refused")
  func checksum() {
    var entry = RawTar.Entry.file("rootfs/a", "a")
    entry.hasValidChecksum = false
    #expect(refusal(of: image(entry)) == .invalidHeader)
  }

  @Test("B7: an archive without magic (v7) is refused, first header or later")
  func magic() {
    let good = image(.file("rootfs/a"))
    let wipe: (inout ArraySlice<UInt8>) -> Void = { block in
      block.replaceSubrange(
        block.startIndex + 257..<block.startIndex + 265, with: [UInt8](repeating: 0, count: 8))
    }
    #expect(refusal(of: patched(good, block: 0, wipe)) == .notAnImage)
    #expect(refusal(of: patched(good, block: third, wipe)) == .invalidHeader)
  }

  @Test("GNU headers are read, and their last field is no prefix")
  func gnu() throws {
    let bytes = patched(image(.file("rootfs/a")), block: third) { block in
      block.replaceSubrange(block.startIndex + 257..<block.startIndex + 265, with: Array("ustar  \0".utf8))
      block[block.startIndex + 345] = UInt8(ascii: "1")
    }
    #expect(try entries(of: bytes)[2].path == path("rootfs/a"))
  }

  @Test("the ustar prefix is part of the name")
  func prefix() throws {
    let bytes = patched(image(.file("a")), block: third) { block in
      block.replaceSubrange(block.startIndex + 345..<block.startIndex + 351, with: Array("rootfs".utf8))
    }
    #expect(try entries(of: bytes)[2].path == path("rootfs/a"))
  }

  @Test(
    "types that no image needs are refused",
    arguments: ["A", "D", "M", "N", "V", "X", "Z", "8"] as [Character])
  func types(_ type: Character) {
    #expect(refusal(of: image(RawTar.Entry("rootfs/a", type: type))) == .unsupported)
  }

  @Test(
    "content after a header that has none is refused",
    arguments: ["1", "2", "3", "4", "5", "6"] as [Character])
  func content(_ type: Character) {
    let entry = RawTar.Entry("rootfs/b", type: type, link: "rootfs/a", device: (1, 3), content: [1])
    #expect(refusal(of: image(.file("rootfs/a"), entry)) == .invalidHeader)
  }

  @Test("a name that ends with a slash is a directory's, or that of a file before POSIX")
  func trailingSlash() throws {
    #expect(refusal(of: image(.file("rootfs/a/"))) == .invalidName)
    #expect(refusal(of: image(.symbolicLink("rootfs/a/", to: "b"))) == .invalidName)
    #expect(try entries(of: image(RawTar.Entry("rootfs/a/", type: "\0")))[2].kind == .directory)
  }

  @Test("GNU long names and link targets are read; a NUL inside or two in a row are refused")
  func longNames() throws {
    let long = "rootfs/" + String(repeating: "n", count: 200)
    let name = RawTar.Entry("././@LongLink", type: "L", content: Array((long + "\0").utf8))
    let link = RawTar.Entry("././@LongLink", type: "K", content: Array((long + "\0").utf8))
    let found = try entries(of: image(link, name, .symbolicLink("rootfs/short", to: "short")))
    #expect(found[2].path == (try path(long)))
    #expect(found[2].linkTarget == Array(long.utf8))
    #expect(refusal(of: image(name, name, .file("rootfs/a"))) == .unsupported)
    #expect(refusal(of: image(name, pax(("mtime", "1")), .file("rootfs/a"))) == .unsupported)
    let split = RawTar.Entry("././@LongLink", type: "L", content: Array("rootfs/a\0b".utf8))
    #expect(refusal(of: image(split, .file("rootfs/a"))) == .invalidHeader)
  }
}
