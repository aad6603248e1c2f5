import AppcSchema
import Foundation
import Testing

/// Manifests that were made to do harm, or to be read by one program and not by another.
@Suite("Hostile manifests")
struct HostileManifestTests {
  private struct Case {
    var id: String
    var expect: String
    var bytes: [UInt8]
  }

  private static func cases() throws -> [Case] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Cases/hostile-manifests.jsonl")
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { line in
      let value = try JSONValue.parse(Array(line))
      let digits = Array(try #require(value["hex"]?.string).utf8)
      let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
      }
      return Case(
        id: try #require(value["id"]?.string), expect: try #require(value["expect"]?.string), bytes: bytes)
    }
  }

  @Test("what must be refused is refused in both modes, what must be accepted is accepted")
  func verdicts() throws {
    let cases = try Self.cases()
    #expect(cases.count > 90)
    for test in cases {
      for mode in [ReadingMode.strict, .tolerant] {
        let isAccepted = (try? ImageManifest.read(test.bytes, mode: mode)) != nil
        if test.expect == "reject" { #expect(!isAccepted, "\(test.id) \(mode)") }
        if test.expect == "accept" { #expect(isAccepted, "\(test.id) \(mode)") }
      }
    }
  }

  @Test(
    "what would be read differently by others, or reach the kernel in another form, is refused",
    arguments: [
      "json-badutf8-ann", "json-nul-escape", "json-dup-name", "json-case-only", "json-dep-idupper",
      "json-pwl-dd",
      "json-deep-1000",
    ])
  func refusedByChoice(id: String) throws {
    let test = try #require(try Self.cases().first { $0.id == id })
    #expect(throws: SchemaError.self) { try ImageManifest.read(test.bytes) }
  }

  @Test("A17: a key in another case is not the key, and says so")
  func caseVariant() throws {
    let test = try #require(try Self.cases().first { $0.id == "json-case-keys" })
    let reading = try ImageManifest.read(test.bytes)
    #expect(reading.value.name == "example.com/attack")
    #expect(reading.diagnostics.contains { $0.rule == "A17" && $0.path.description == "$.NAME" })
  }

  @Test("an error is one line without control characters, however hostile the manifest")
  func oneLine() throws {
    for test in try Self.cases() {
      do {
        _ = try ImageManifest.read(test.bytes)
      } catch {
        let text = "\(error)"
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x2028 })
        #expect(text.utf8.count < 1000)
      }
    }
  }

  @Test("64 MiB of blanks, and of brackets, are refused before they are read")
  func large() {
    for byte in [UInt8(ascii: " "), UInt8(ascii: "[")] {
      #expect(throws: SchemaError.self) { try ImageManifest.read([UInt8](repeating: byte, count: 64 << 20)) }
    }
  }
}
