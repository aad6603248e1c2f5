import AppcSchema
import Testing

/// What a diagnostic says about the place it is about.
@Suite("Diagnostics")
struct DiagnosticTests {
  private func first(_ text: String) -> Diagnostic? {
    do {
      return try ImageManifest.read(Array(text.utf8)).diagnostics.first
    } catch {
      return error.diagnostics.first
    }
  }

  @Test("an excerpt is the line, and a caret under the value that the path leads to")
  func caret() throws {
    let text = """
      {
          "acKind": "ImageManifest",
          "acVersion": "0.8.11",
          "name": "Example.com"
      }
      """
    let diagnostic = try #require(first(text))
    #expect(diagnostic.path.description == "$.name" && diagnostic.rule == "A1")
    #expect(diagnostic.position?.line == 4 && diagnostic.position?.column == 13)
    #expect(diagnostic.excerpt == "    \"name\": \"Example.com\"\n            ^")
  }

  @Test("an excerpt of bytes that are no characters is theirs, escaped", arguments: [0, 1, 40, 90, 100])
  func noCharacters(offset: Int) {
    let bytes = [UInt8(ascii: "\"")] + [UInt8](repeating: 0x80, count: 99)
    let place = JSONPosition(offset: offset, in: bytes.span)
    let excerpt = JSONExcerpt(of: bytes, at: place).description
    #expect(excerpt.contains("\\x80") && excerpt.hasSuffix("^"))
  }

  @Test("what is missing is reported where the object starts that lacks it, under its own path")
  func missing() throws {
    let diagnostic = try #require(first("\n {\"acKind\":\"ImageManifest\",\"acVersion\":\"0.8.11\"}"))
    #expect(diagnostic.path.description == "$.name")
    #expect(diagnostic.position?.line == 2 && diagnostic.position?.column == 2)
  }

  @Test("a long line is cut on both sides, at whole characters, and stays two lines of what prints")
  func longLine() throws {
    let filler = String(repeating: "é\u{202E}", count: 4000)
    let text =
      #"{"acKind":"ImageManifest","acVersion":"0.8.11","x":"\#(filler)","name":"A","y":"\#(filler)"}"#
    let excerpt = try #require(first(text)?.excerpt)
    let lines = excerpt.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines[0].hasPrefix("…") && lines[0].hasSuffix("…"))
    #expect(excerpt.utf8.count < 1000)
    #expect(!excerpt.unicodeScalars.contains { $0.properties.generalCategory == .format })
    let column = lines[1].unicodeScalars.count - 1
    #expect(Array(lines[0].unicodeScalars)[column...].starts(with: "\"A\"".unicodeScalars))
  }

  @Test("positions are right in a document of many lines whatever the order they are asked for")
  func order() throws {
    // The name is read before the labels, which stand above it.
    let text = """
      {"acKind": "ImageManifest", "acVersion": "0.8.11",
       "labels": [{"name": "A", "value": "x"}],
       "annotations": [{"name": "B", "value": "x"}],
       "name": "C"}
      """
    let error = #expect(throws: SchemaError.self) { try ImageManifest.read(Array(text.utf8)) }
    let lines = error?.diagnostics.map { "\($0.path) \($0.position?.line ?? 0)" }
    #expect(lines == ["$.name 4", "$.labels[0].name 2", "$.annotations[0].name 3"])
  }
}
