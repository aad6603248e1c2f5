import Testing

@testable import AppcSchema

@Suite("Names, identifiers and versions")
struct IdentifierTests {
  @Test(
    "A1: an AC identifier is words with single separators between them; side by side is tolerated",
    arguments: [
      ("a", true, true), ("a-b.c_d~e/f0", true, true), ("0", true, true), ("a--b", false, true),
      ("a/../b", false, true),
      ("", false, false), ("-a", false, false), ("a-", false, false), ("A", false, false),
      ("a b", false, false),
      ("a\n", false, false), ("a\u{0}b", false, false), ("é", false, false), ("a\u{301}", false, false),
      ("\u{212a}", false, false), ("a@b", false, false), ("/", false, false), ("a%2e", false, false),
    ])
  func identifiers(text: String, strict: Bool, tolerant: Bool) {
    #expect(((try? ACIdentifier(text)) != nil) == strict)
    #expect(((try? ACIdentifier(text, mode: .tolerant)) != nil) == tolerant)
  }

  @Test(
    "A4: an AC name has no separator but the hyphen",
    arguments: [
      ("a-b", true), ("a", true), ("a.b", false), ("a/b", false), ("a_b", false), ("a--b", false),
      ("-", false),
    ])
  func names(text: String, strict: Bool) {
    #expect(((try? ACName(text)) != nil) == strict)
  }

  @Test("A3: any text can be made a name if something is left of it")
  func sanitised() throws {
    #expect(try ACIdentifier.sanitized("EXAMPLE.com/foo bar#").text == "example.com/foo_bar")
    #expect(throws: SchemaError.self) { try ACIdentifier.sanitized("") }
    #expect(try ACName.sanitized("Éxample/App").text == "xample-app")
    #expect(throws: SchemaError.self) { try ACName.sanitized("---") }
  }

  @Test("A8: an image ID is sha512- and 128 lower-case hexadecimal digits, and nothing else")
  func imageIDs() throws {
    let hex = String(repeating: "0f", count: 64)
    let id = try ImageID("sha512-" + hex)
    #expect(id.hex == hex)
    #expect(id.description == "sha512-" + hex)
    #expect(id.short == "sha512-0f0f0f0f0f0f")
    #expect(ImageID(digest: id.digest) == id)
    #expect(ImageID(digest: [1, 2, 3]) == nil)
    for text in [
      "", "sha512-", hex, "sha512-" + hex.dropLast(), "sha512-" + hex + "0", "sha512-" + hex.uppercased(),
      "SHA512-" + hex, "sha256-" + hex, "sha512-" + hex.dropLast() + "g", "sha512-" + hex.dropLast(2) + "..",
      "sha512-" + hex + "\n",
    ] {
      #expect(throws: SchemaError.self, "\(text)") { try ImageID(text) }
    }
    let prefix = try ImageIDPrefix("sha512-0f")
    #expect(prefix.matches(id))
    #expect(!(try ImageIDPrefix("sha512-0e").matches(id)))
    for text in ["sha512-0", "sha512-0F", "sha512-" + hex + "0", "0f"] {
      #expect(throws: SchemaError.self, "\(text)") { try ImageIDPrefix(text) }
    }
  }

  @Test("A9: a pod's UUID is random, of version 4, and reads back what it prints")
  func uuids() throws {
    let uuid = PodUUID()
    #expect(try PodUUID(uuid.description, mode: .strict) == uuid)
    #expect(uuid != PodUUID())
    let digits = Array(uuid.description.utf8)
    #expect(digits[14] == UInt8(ascii: "4"))
    #expect("89ab".utf8.contains(digits[19]))
    #expect(uuid.short == String(uuid.description.prefix(8)))
    #expect(
      try PodUUID("6733C088A5074694AABFEDBE4FC5266F").description == "6733c088-a507-4694-aabf-edbe4fc5266f")
    for text in [
      "", "zz", "00000000-0000-0000-0000-000000000000", uuid.description + "0", "../../../etc/passwd",
    ] {
      #expect(throws: SchemaError.self) { try PodUUID(text) }
    }
    #expect(throws: SchemaError.self) { try PodUUID("6733C088A5074694AABFEDBE4FC5266F", mode: .strict) }
  }

  @Test("A6: versions are ordered as Semantic Versioning orders them")
  func versionOrder() throws {
    let ordered = [
      "0.1.1", "0.8.11-a", "0.8.11", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "10.0.0",
    ]
    let versions = try ordered.map { try SemanticVersion($0) }
    #expect(versions.sorted() == versions)
    #expect(versions.map(\.description) == ordered)
  }

  @Test(
    "A6: what is no version is refused",
    arguments: [
      "", "1", "1.0", "1.2.3.4", "v1.2.3", "-1.0.0", "1.0.-1", "99999999999999999999.0.0", "1.0.0 ",
      "1.0.0\u{0}",
    ])
  func badVersions(text: String) {
    #expect(throws: SchemaError.self) { try SemanticVersion(text, mode: .tolerant) }
  }

  @Test("A6: leading zeros and odd identifiers are tolerated, not strict")
  func laxVersions() throws {
    for text in ["01.2.3", "1.2.3-", "1.2.3-a..b", "1.2.3-01"] {
      #expect(throws: SchemaError.self) { try SemanticVersion(text) }
      #expect(try SemanticVersion(text, mode: .tolerant).minor == 2)
    }
  }

  @Test("A10: dates are moments")
  func dates() throws {
    #expect(try Timestamp("1970-01-01T00:00:00Z").seconds == 0)
    #expect(try Timestamp("2004-05-14T23:11:14+00:00").seconds == 1_084_576_274)
    #expect(try Timestamp("2014-11-14T17:36:54-08:00").seconds == 1_416_015_414)
    #expect(try Timestamp("1969-12-31T23:59:59.25Z").seconds == -1)
    #expect(try Timestamp("1969-12-31T23:59:59.25Z").nanoseconds == 250_000_000)
    #expect(try Timestamp("0000-01-01T00:00:00Z").seconds == -62_167_219_200)
    #expect(try Timestamp("2000-02-29T00:00:00Z").seconds == 951_782_400)
    for text in [
      "1900-02-29T00:00:00Z", "2014-02-30T00:00:00Z", "2014-01-01T24:00:00Z", "2014-01-01T00:00:60Z", "",
    ] {
      #expect(throws: SchemaError.self) { try Timestamp(text) }
    }
  }

  @Test("what is shown holds no character that acts on a terminal")
  func printableText() {
    #expect(printable([0x61, 0x1B, 0x5B, 0x0A, 0x7F]) == "a\\u{1b}[\\u{a}\\u{7f}")
    #expect(printable([0xFF, 0x41, 0xC3]) == "\\xffA\\xc3")
    #expect(printable("é\u{202e}\u{2028}\\".utf8) == "é\\u{202e}\\u{2028}\\\\")
    #expect(quoted(String(repeating: "x", count: 100)).utf8.count == 85)
  }
}
