import Testing

@testable import AppcSchema

@Suite("JSON as RFC 8259 defines it")
struct JSONParserTests {
  private func fault(_ bytes: [UInt8], _ limits: JSONLimits = .default) -> SchemaError? {
    do {
      _ = try JSONValue.parse(bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  private func fault(_ text: String) -> SchemaError? { fault(Array(text.utf8)) }

  @Test(
    "what is not JSON is refused, with the place",
    arguments: [
      ("", 0), (" ", 1), ("{", 1), ("[", 1), ("[1", 2), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6),
      ("]", 0),
      ("[1,]", 2), ("{\"a\":1,}", 6), ("[,1]", 1), ("{,}", 1), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1),
      ("{1:1}", 1), ("01", 0), ("-", 1), ("+1", 0), (".5", 0), ("5.", 2), ("1e", 2), ("1e+", 3), ("0x1", 1),
      ("NaN", 0), ("Infinity", 0), ("tru", 0), ("True", 0), ("nul", 0), ("nulll", 4), ("\"", 0), ("\"\\", 1),
      ("\"\\u12\"", 1), ("\"\\u12g4\"", 1), ("\"\\x\"", 1), ("\"\n\"", 1), ("\"\u{0}\"", 1), ("'a'", 0),
      ("1 1", 2), ("{}x", 2), ("{}\u{0}", 2), ("// c\n1", 0), ("[1]]", 3), ("\u{a0}1", 0), ("\u{c}1", 0),
      ("\"\\ud800\"", 1), ("\"\\udc00\"", 1), ("\"\\ud800\\u0041\"", 1), ("\"\\ud800\\ud800\"", 1),
      ("\"\\ud800x\"", 1), ("[-]", 2), ("--1", 1), ("1.e1", 2), ("1.5.5", 3), ("{\"a\":}", 5),
    ])
  func refusals(text: String, offset: Int) throws {
    let error = try #require(fault(text))
    #expect(error.code == .malformedJSON)
    #expect(error.position?.offset == offset)
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0xAF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5],
      [0xFF], [0xFE], [0xC2], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC2, 0x41], [0xE2, 0x28, 0xA1],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(fault([0x22] + bytes + [0x22])?.position?.offset == 1)
    #expect(fault([0x22, 0x61, 0x5C, 0x6E] + bytes + [0x22])?.position?.offset == 4)
  }

  @Test("well-formed UTF-8 of every length is kept")
  func validUTF8() throws {
    for text in [
      "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ] {
      #expect(try JSONValue.parse("\"\(text)\"") == .string(text))
    }
  }

  @Test("a byte order mark and UTF-16 are refused")
  func otherEncodings() {
    #expect(fault([0xEF, 0xBB, 0xBF, 0x7B, 0x7D])?.detail.contains("byte order mark") == true)
    #expect(fault([0xFF, 0xFE, 0x7B, 0x00])?.detail.contains("UTF-8") == true)
    #expect(fault([0x00, 0x7B])?.detail.contains("UTF-8") == true)
    #expect(fault([0x7B, 0x00, 0x7D, 0x00])?.detail.contains("UTF-8") == true)
  }

  @Test("escapes give the characters they stand for")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\u0000""#
    #expect(try JSONValue.parse(text) == .string("\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{20ac}\u{1f600}\u{0}"))
  }

  @Test("two members of one key are refused, however the keys are escaped")
  func duplicates() {
    #expect(fault(#"{"a":1,"b":2,"a":3}"#)?.position?.offset == 13)
    #expect(fault(#"{"a":1,"\u0061":2}"#)?.position?.offset == 7)
    #expect(fault(#"[{"x":{"a":1,"a":1}}]"#) != nil)
    let many = (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(fault("{\(many),\"k50\":1}") != nil)
    #expect(fault("{\(many)}") == nil)
  }

  @Test("keys that are canonically equivalent but differ in bytes are two keys")
  func canonicalEquivalence() throws {
    let few = try JSONValue.parse(#"{"\u00e9":1,"e\u0301":2,"K":3,"\u212a":4}"#)
    #expect(few.object?.count == 4)
    #expect(few["\u{e9}"] == 1)
    #expect(few["e\u{301}"] == 2)
    #expect(few["\u{212a}"] == 4)
    let padding = (0..<20).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(fault("{\(padding),\"\\u00e9\":1,\"e\\u0301\":2}") == nil)
  }

  @Test("numbers keep their text, and become integers only where they are")
  func numbers() throws {
    for text in ["0", "-0", "1.50", "1e99999", "-1E+2", "0.000", "36893488147419103232", "1e-5"] {
      #expect(try JSONValue.parse(text).number?.text == text)
    }
    #expect(try JSONValue.parse("18446744073709551615").number?.integer(as: UInt64.self) == .max)
    #expect(try JSONValue.parse("-9223372036854775808").number?.integer(as: Int64.self) == .min)
    #expect(try JSONValue.parse("18446744073709551616").number?.integer(as: UInt64.self) == nil)
    #expect(try JSONValue.parse("1.0").number?.integer(as: Int.self) == nil)
    #expect(try JSONValue.parse("1e2").number?.integer(as: Int.self) == nil)
    #expect(JSONNumber("1e5")?.text == "1e5")
    for text in ["", "1 ", "01", "+1", "1e", "0x1", "1_0", "\u{661}"] { #expect(JSONNumber(text) == nil) }
  }

  @Test("depth, size and number of values are limited")
  func limits() {
    func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
      Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
    }
    #expect(fault(nested(128, "[", "]")) == nil)
    #expect(fault(nested(129, "[", "]"))?.code == .limitExceeded)
    #expect(fault(nested(128, "{\"a\":", "}")) == nil)
    #expect(fault(nested(129, "{\"a\":", "}"))?.code == .limitExceeded)
    #expect(fault(Array(repeating: UInt8(ascii: "["), count: 1_000_000))?.code == .limitExceeded)
    let greedy = JSONLimits(depth: .max)
    #expect(fault(nested(JSONLimits.maximumDepth, "[", "]"), greedy) == nil)
    #expect(fault(nested(JSONLimits.maximumDepth + 1, "[", "]"), greedy)?.code == .limitExceeded)
    #expect(fault(Array("\"abcdef\"".utf8), JSONLimits(bytes: 7))?.code == .limitExceeded)
    #expect(fault(Array("[1,2,3]".utf8), JSONLimits(values: 4)) == nil)
    #expect(fault(Array("[1,2,3]".utf8), JSONLimits(values: 3))?.code == .limitExceeded)
  }

  @Test("a place is told in lines and columns of bytes")
  func positions() throws {
    let error = try #require(fault("{\n  \"é\": 1,\n  \"b\": x\n}"))
    #expect(error.position?.line == 3)
    #expect(error.position?.column == 8)
    #expect(
      error.description
        == "cannot read JSON at line 3, column 8 (byte 20): unexpected \"x\" where a value should be")
  }

  @Test("every cut and every changed byte of a document is read or refused, never anything else")
  func mutilation() {
    let document = Array(
      #"{"a":[1,-2.5e3,{"é":"\ud83d\ude00\n"}],"b":{"c":null,"d":[true,false,[]]},"e":{}}"#.utf8)
    for length in 0..<document.count { #expect(fault(Array(document[..<length])) != nil) }
    for index in document.indices {
      for byte in [0x00, 0x22, 0x2C, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x80, 0xED, 0xF4, 0xFF] as [UInt8] {
        var changed = document
        changed[index] = byte
        if let value = try? JSONValue.parse(changed) {
          #expect((try? JSONValue.parse(value.serialized())) == value)
        }
      }
    }
  }

  @Test("what is written is read again as the same, compact and pretty")
  func roundTrip() throws {
    let value: JSONValue = [
      "empty": [:], "list": [1, "a\"\\\u{8}\u{c}\n\r\t\u{1}\u{7f}/é\u{2028}", .null, true, [], [[]]],
      "nested": ["k": ["l": -5]],
    ]
    #expect(try JSONValue.parse(value.serialized(.compact)) == value)
    #expect(try JSONValue.parse(value.serialized(.pretty)) == value)
    #expect(
      String(decoding: value.serialized(.compact), as: UTF8.self)
        == #"{"empty":{},"list":[1,"a\"\\\b\f\n\r\t\u0001"# + "\u{7f}/é\u{2028}"
        + #"",null,true,[],[[]]],"nested":{"k":{"l":-5}}}"#)
    let pretty: JSONValue = ["a": [1, 2], "b": [:]]
    #expect(
      String(decoding: pretty.serialized(.pretty), as: UTF8.self)
        == "{\n    \"a\": [\n        1,\n        2\n    ],\n    \"b\": {}\n}\n")
  }

  @Test("time grows with the number of keys, not with its square")
  func manyKeys() throws {
    func time(_ count: Int) throws -> Duration {
      let document = "{" + (0..<count).map { "\"key\($0)\":0" }.joined(separator: ",") + "}"
      let bytes = Array(document.utf8)
      return try ContinuousClock().measure { _ = try JSONValue.parse(bytes) }
    }
    _ = try time(1000)
    let (small, large) = (try time(5_000), try time(80_000))
    // 16 times as many; the square would be 256 times as long.
    #expect(large < small * 100)
  }
}
