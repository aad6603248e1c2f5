import Testing

@testable import AppcSchema

@Suite("D13: annotations that the specification knows")
struct AnnotationTests {
  @Test("what is absent or malformed is nil")
  func malformed() throws {
    #expect(Annotations().created == nil)
    #expect(Annotations().authors == nil)
    #expect(Annotations().homepage == nil)
    #expect(Annotations().documentation == nil)
    #expect(Annotations().supportsSystemdNotify == nil)
    let annotations = try Annotations([
      Annotation(name: "created", value: "yesterday"), Annotation(name: "homepage", value: "ftp://x"),
      Annotation(name: "documentation", value: "//x"),
      Annotation(name: "appc.io/executor/supports-systemd-notify", value: "TRUE"),
    ])
    #expect(annotations.created == nil)
    #expect(annotations.homepage == nil)
    #expect(annotations.documentation == nil)
    #expect(annotations.supportsSystemdNotify == nil)
  }

  @Test("what is set is there, in place, and nil takes it away")
  func setting() throws {
    var annotations = Annotations()
    let date = try Timestamp("2014-10-27T19:32:27.5+01:00")
    annotations.created = date
    annotations.authors = "Carly, \"C\""
    try annotations.setHomepage("HTTPS://example.com/a")
    try annotations.setDocumentation("http://example.com")
    annotations.supportsSystemdNotify = false
    #expect(annotations.created == date)
    #expect(annotations["created" as String] == "2014-10-27T19:32:27.5+01:00")
    #expect(annotations.authors == "Carly, \"C\"")
    #expect(annotations.homepage == "HTTPS://example.com/a")
    #expect(annotations.documentation == "http://example.com")
    #expect(annotations.supportsSystemdNotify == false)
    annotations.supportsSystemdNotify = true
    #expect(annotations["appc.io/executor/supports-systemd-notify" as String] == "true")
    #expect(throws: SchemaError.self) { try annotations.setHomepage("example.com") }
    #expect(annotations.homepage == "HTTPS://example.com/a")
    annotations.created = nil
    annotations.authors = nil
    try annotations.setHomepage(nil)
    try annotations.setDocumentation(nil)
    annotations.supportsSystemdNotify = nil
    #expect(annotations.isEmpty)
  }
}

@Suite("A10: dates of moments")
struct TimestampMomentTests {
  @Test(
    "a moment is written as RFC 3339 does",
    arguments: [
      (0, 0, 0, "1970-01-01T00:00:00Z"), (1_414_438_347, 670_217_980, 0, "2014-10-27T19:32:27.67021798Z"),
      (-1, 999_999_999, 0, "1969-12-31T23:59:59.999999999Z"),
      (951_782_400, 0, 90, "2000-02-29T01:30:00+01:30"),
      (951_782_400, 500_000_000, -1, "2000-02-28T23:59:00.5-00:01"),
      (-62_167_219_200, 0, 0, "0000-01-01T00:00:00Z"),
      (253_402_300_799, 1, 0, "9999-12-31T23:59:59.000000001Z"),
      (-2_203_891_200, 0, 0, "1900-03-01T00:00:00Z"),
    ])
  func written(seconds: Int64, nanoseconds: Int32, offset: Int, text: String) throws {
    let date = try #require(Timestamp(seconds: seconds, nanoseconds: nanoseconds, offsetMinutes: offset))
    #expect(date.description == text)
    #expect(date == (try Timestamp(text)))
    #expect(date.seconds == seconds)
    #expect(date.nanoseconds == nanoseconds)
    #expect(date.offsetMinutes == offset)
  }

  @Test("what no date can say is refused")
  func outOfRange() {
    #expect(Timestamp(seconds: .max) == nil)
    #expect(Timestamp(seconds: .min) == nil)
    #expect(Timestamp(seconds: .max, offsetMinutes: 1439) == nil)
    #expect(Timestamp(seconds: 253_402_300_800) == nil)
    #expect(Timestamp(seconds: -62_167_219_201) == nil)
    #expect(Timestamp(seconds: 0, nanoseconds: -1) == nil)
    #expect(Timestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
    #expect(Timestamp(seconds: 0, offsetMinutes: 1440) == nil)
    #expect(Timestamp(seconds: 0, offsetMinutes: .min) == nil)
  }

  @Test("every moment reads back as itself", arguments: Round.all)
  func roundTrips(round: Round) throws {
    var generator = round.generator
    for _ in 0..<100 {
      let seconds = generator.number(-62_167_132_800...253_402_214_399 as ClosedRange<Int64>)
      let nanoseconds = generator.number(0...999_999_999 as ClosedRange<Int32>)
      let offset = generator.number(-1439...1439)
      let date = try #require(Timestamp(seconds: seconds, nanoseconds: nanoseconds, offsetMinutes: offset))
      #expect(date.seconds == seconds, "\(date)")
      #expect(date.nanoseconds == nanoseconds, "\(date)")
      #expect(date.offsetMinutes == offset, "\(date)")
    }
  }
}
