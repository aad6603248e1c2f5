import ACIArchive
import AppcTesting
import Testing

struct PAXRecordsTests {
  @Test("records take the place of header fields")
  func records() throws {
    let long = "rootfs/" + String(repeating: "d/", count: 60) + "f"
    let found = try entries(
      of: image(
        pax(
          ("path", long), ("uid", "4000000000"), ("gid", "7"), ("mtime", "-1.5"), ("comment", "x"),
          ("size", "2")),
        RawTar.Entry("rootfs/short", content: [1, 2], declaredSize: 0)))
    let entry = found[2]
    #expect(entry.path == (try path(long)))
    #expect(entry.uid == 4_000_000_000 && entry.gid == 7 && entry.size == 2)
    #expect(entry.modified == FileTime(seconds: -2, nanoseconds: 500_000_000))
  }

  @Test("extended attributes hold any bytes")
  func attributes() throws {
    let value: [UInt8] = [0, 1, 0x0A, 0xFF, UInt8(ascii: "=")]
    let found = try entries(of: image(paxBytes([("SCHILY.xattr.user.a=b", value)]), .file("rootfs/f")))
    // Up to the first "=" is the key, as POSIX has it.
    #expect(
      found[2].xattrs == [ExtendedAttribute(name: Array("user.a".utf8), value: Array("b=".utf8) + value)])
  }

  @Test(
    "malformed records are refused",
    arguments: [
      "9 path=a", "8 path=a\n", "11 path=a\n", "-9 path=a\n", "09 path=a\n", "x path=a\n", "path=a\n",
      "9path=a\n\n",
      "99999999999999999999 path=a\n", "5 =a\n", "7 path\n", "0 \n", "3 \n", " 9 path=a\n",
    ])
  func malformed(_ text: String) {
    let header = RawTar.Entry("x", type: "x", content: Array(text.utf8))
    #expect(refusal(of: image(header, .file("rootfs/f"))) == .invalidHeader)
  }

  @Test(
    "values that are not what they should be are refused",
    arguments: [
      ("path", ""), ("linkpath", ""), ("size", "-1"), ("size", "18446744073709551616"), ("size", "1e3"),
      ("uid", "+0"),
      ("uid", "0x0"), ("uid", "0.5"), ("uid", ""), ("gid", "4294967295"), ("uid", "4294967296"),
      ("mtime", "NaN"),
      ("mtime", ""),
    ])
  func values(_ key: String, _ value: String) {
    #expect(refusal(of: image(pax((key, value)), .file("rootfs/f"))) == .invalidHeader)
  }

  @Test("a record may be given only once")
  func duplicates() {
    #expect(refusal(of: image(pax(("uid", "1"), ("uid", "2")), .file("rootfs/f"))) == .invalidHeader)
    let twice = pax(("SCHILY.xattr.user.a", "1"), ("SCHILY.xattr.user.a", "2"))
    #expect(refusal(of: image(twice, .file("rootfs/f"))) == .invalidHeader)
  }

  @Test("sizes in header and PAX must agree, unless the header cannot say it")
  func sizes() {
    let two = RawTar.Entry("rootfs/f", content: [1, 2])
    #expect(refusal(of: image(pax(("size", "2")), two)) == nil)
    #expect(refusal(of: image(pax(("size", "1")), two)) == .invalidHeader)
    #expect(refusal(of: image(pax(("size", "0")), two)) == .invalidHeader)
  }

  @Test("a global header may set times and owners of what follows, and nothing else")
  func globals() throws {
    let found = try entries(
      of: image(
        pax(("mtime", "5"), ("uid", "9"), ("comment", "c"), type: "g"), .file("rootfs/f"), pax(("uid", "10")),
        .file("rootfs/g")))
    #expect(found[2].modified == FileTime(seconds: 5) && found[2].uid == 9)
    #expect(found[3].modified == FileTime(seconds: 5) && found[3].uid == 10)
    for record in [("path", "rootfs/x"), ("size", "1"), ("linkpath", "x"), ("SCHILY.xattr.user.a", "1")] {
      #expect(refusal(of: image(pax(record, type: "g"), .file("rootfs/f"))) == .unsupported)
    }
  }

  @Test("an extended header belongs to one entry, which must follow")
  func order() {
    let name = pax(("path", "rootfs/a"))
    #expect(refusal(of: image(name, name, .file("rootfs/f"))) == .unsupported)
    #expect(refusal(of: image(name, pax(("comment", "c"), type: "g"), .file("rootfs/f"))) == .unsupported)
    #expect(refusal(of: image(name)) == .truncated)
  }

  @Test("an extended header's declared size is not believed")
  func declaredSize() {
    for type in ["x", "g", "L", "K"] as [Character] {
      let header = RawTar.Entry("x", type: type, declaredSize: 8_000_000_000)
      #expect(refusal(of: image(header, .file("rootfs/f"))) == .limitExceeded)
    }
  }
}
