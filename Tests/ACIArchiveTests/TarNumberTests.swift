@testable import ACIArchive
import Testing

struct TarNumberTests {
  private func parse(_ field: [UInt8]) -> Int64? {
    field.withUnsafeBytes { TarNumber.parse($0[...]) }
  }

  private func parse(_ text: String) -> Int64? {
    parse(Array(text.utf8))
  }

  @Test("octal digits between blanks")
  func octal() {
    #expect(parse("0000644\0") == 0o644)
    #expect(parse("    644 ") == 0o644)
    #expect(parse("00000000012") == 10)
    #expect(parse("777777777777") == 0o777_777_777_777)
    #expect(parse("\0\0\0\0\0\0\0\0") == 0)
    #expect(parse("        ") == 0)
    #expect(parse("644\0 \0 ") == 0o644)
    #expect(parse("1\u{0}1") == nil)
  }

  @Test(
    "anything but octal digits is no number",
    arguments: [
      "-1      ", "+1", "0x10", "89", "12 34", "777777777777777777777777", "abc",
    ])
  func garbage(_ text: String) {
    #expect(parse(text) == nil)
  }

  @Test("base-256 numbers up to 64 bits, of either sign")
  func base256() {
    #expect(parse([0x80, 0, 0, 0, 0, 0, 1, 0]) == 256)
    #expect(parse([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]) == -2)
    #expect(parse([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == .max)
    #expect(parse([0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(parse([0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]) == .min)
    #expect(parse([0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0]) == nil)
  }

  @Test(
    "PAX times",
    arguments: [
      ("0", 0, 0), ("1.5", 1, 500_000_000), ("1.99999999999999999999", 1, 999_999_999), ("-1", -1, 0),
      ("-1.5", -2, 500_000_000), ("-0.5", -1, 500_000_000), ("1.000000001", 1, 1),
      ("9223372036854775807", Int64.max, 0),
    ] as [(String, Int64, Int32)])
  func times(_ text: String, _ seconds: Int64, _ nanoseconds: Int32) {
    #expect(FileTime(paxText: text.utf8) == FileTime(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(
    "what is no time is refused and never traps",
    arguments: [
      "", "-", ".", "1.", ".5", "1,5", "NaN", "inf", "1e300", "9223372036854775808", "--1", "1.-5", "0x1",
      "-9223372036854775809",
    ])
  func noTimes(_ text: String) {
    #expect(FileTime(paxText: text.utf8) == nil)
  }

  @Test(
    "times are written as they are read",
    arguments: [
      (0, 0), (1, 1), (-1, 0), (-2, 500_000_000), (-1, 999_999_999), (1_700_000_000, 123_456_000),
      (.max, 999_999_999), (-9_223_372_036_854_775_807, 0), (.min, 0), (.min, 1),
    ] as [(Int64, Int32)])
  func roundTrip(_ seconds: Int64, _ nanoseconds: Int32) {
    let time = FileTime(seconds: seconds, nanoseconds: nanoseconds)
    #expect(FileTime(paxText: time.paxText.utf8) == time)
  }
}
