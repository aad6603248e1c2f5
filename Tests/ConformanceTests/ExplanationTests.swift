import AppcSchema
import Testing

/// The comparison itself: what a listed difference does not excuse.
@Suite("What the listed differences do not excuse")
struct ExplanationTests {
  private func comparison(_ line: String) throws -> Comparison {
    Comparison(try ConformanceCase(line: line, place: "here"))
  }

  private func rules(_ line: String) throws -> [String]? {
    guard case .disagree(let disagreement) = try comparison(line) else { return [] }
    return disagreement.explanation?.map { DeliberateDifference.all[$0].rule }
  }

  @Test(
    "a refusal that mending the one departure does not change",
    arguments: [
      #"{"type":"Hash/json","input":"\"sha256-ab\"","go_accepts":true}"#,
      #"{"type":"Hash/json","input":"\"sha512-a-b\"","go_accepts":true}"#,
      #"{"type":"Port/json","input":"{\"name\":\"a\",\"protocol\":\"tcp\",\"port\":0}","go_accepts":true}"#,
      #"{"type":"App/json","input":"{\"user\":\"0\",\"group\":\"0\",\"supplementaryGIDs\":[-1,\"x\"]}","go_accepts":true}"#,
      #"{"type":"Volume/json","input":"{\"name\":\"a\",\"kind\":\"other\",\"uid\":-1}","go_accepts":true}"#,
      #"{"type":"Quantity/string","input":"1x","go_accepts":true}"#,
      #"{"type":"Labels/json","input":"[{\"value\":\"1\"}]","go_accepts":true}"#,
    ])
  func refusals(line: String) throws {
    #expect(try rules(line) == nil)
  }

  @Test(
    "what we take for another reason than the reference refuses it",
    arguments: [
      #"{"type":"App/json","input":"{\"user\":\"0\",\"group\":\"0\",\"isolators\":[{\"name\":\"foo\",\"value\":1}]}","valid":false,"go_error":"exec is required"}"#,
      #"{"type":"Quantity/string","input":"1K","valid":false,"go_error":"too large"}"#,
      #"{"type":"Quantity/string","input":"1k","valid":false,"go_error":"unable to parse quantity's suffix"}"#,
      #"{"type":"Labels/json","input":"[{\"name\":\"a\",\"value\":\"1\"}]","valid":false}"#,
      #"{"type":"PodManifest/json","input":"{\"acKind\":\"PodManifest\",\"acVersion\":\"0.3.0\",\"apps\":[]}","valid":false}"#,
    ])
  func acceptances(line: String) throws {
    #expect(try rules(line) == nil)
  }

  @Test(
    "another form, in a place that the rule does not speak of",
    arguments: [
      #"{"type":"Date/json","input":"\"2001-02-03T04:05:06.5Z\"","valid":true,"canonical":"\"2001-02-03T04:05:07Z\""}"#,
      #"{"type":"URL/json","input":"\"HTTP://foo\"","valid":true,"canonical":"\"http://fob\""}"#,
      #"{"type":"Quantity/string","input":"+1","valid":true,"canonical":"+2"}"#,
      #"{"type":"Quantity/string","input":"1","valid":true,"oracle_extra":{"value_roundup":2,"decimal":"1"}}"#,
      #"{"type":"Quantity/string","input":"-0.5","valid":true,"oracle_extra":{"value_roundup":1,"decimal":"-1.5"}}"#,
      #"{"type":"Dependency/json","input":"{\"imageName\":\"a\",\"x\":1}","valid":true,"canonical":"{\"imageName\":\"a\",\"size\":1}"}"#,
      #"{"type":"Labels/json","input":"[{\"name\":\"os\",\"value\":\"linux\"},{\"name\":\"arch\",\"value\":\"i386\"}]","valid":true,"expect":{"goOS":""}}"#,
      #"{"type":"Volume/json","input":"{\"name\":\"a\",\"kind\":\"empty\",\"mode\":\"700\"}","valid":true,"canonical":"{\"name\":\"a\",\"kind\":\"empty\",\"mode\":\"711\",\"uid\":0,\"gid\":0}"}"#,
      #"{"type":"ExposedPort/json","input":"{\"name\":\"a\",\"hostPort\":1,\"hostIP\":\"::1\"}","valid":true,"canonical":"{\"name\":\"a\",\"hostPort\":1,\"hostIP\":\"::2\"}"}"#,
      #"{"type":"App/json","input":"{\"user\":\"0\",\"group\":\"0\",\"supplementaryGroups\":[1]}","valid":true,"canonical":"{\"exec\":[\"/a\"],\"user\":\"0\",\"group\":\"0\"}"}"#,
      #"{"type":"Isolators/json","input":"[{\"name\":\"memory/limit\",\"value\":\"1\"},{\"name\":\"foo\",\"value\":1}]","valid":true,"canonical":"[{\"name\":\"memory/limit\",\"value\":\"1\"},{\"name\":\"foo\",\"value\":2}]"}"#,
      #"{"type":"App/json","input":"{\"user\":\"0\",\"group\":\"0\",\"userLabels\":{\"a\":\"\"}}","valid":true,"canonical":"{\"exec\":null,\"user\":\"0\",\"group\":\"0\"}"}"#,
    ])
  func forms(line: String) throws {
    #expect(try rules(line) == nil)
  }

  @Test("a case of several departures needs every rule, and no other")
  func several() throws {
    let line =
      #"{"type":"PodManifest/json","input":"{\"acKind\":\"PodManifest\",\"acVersion\":\"0.8.11\",\"apps\":"#
      + #"[{\"name\":\"a\",\"image\":{\"id\":\"sha512-zz\"},\"app\":{\"user\":\"0\",\"group\":\"0\","#
      + #"\"supplementaryGIDs\":[-1],\"Exec\":[]}}]}","go_accepts":true}"#
    #expect(try rules(line) == ["A8", "E3"])
  }

  @Test("a reason that we do not give is a disagreement")
  func reasons() throws {
    #expect(
      try rules(#"{"type":"ACName","input":"foo#","valid":false,"error_kind":"ErrInvalidCharInACName"}"#)
        == [])
    #expect(
      try rules(#"{"type":"ACName","input":"foo#","valid":false,"error_kind":"ErrEmptyACName"}"#) == nil)
  }

  @Test("cases of other rooms and of unknown types are told apart, and a line that is no case is an error")
  func otherTypes() throws {
    guard case .otherRoom("ACIStoreTests") = try comparison(#"{"type":"RenderX","input":{},"valid":true}"#)
    else {
      Issue.record("not another room's")
      return
    }
    guard case .notCovered = try comparison(#"{"type":"Goblin/json","input":"1","valid":true}"#) else {
      Issue.record("covered")
      return
    }
    for line in [
      "", "1", "{}", #"{"type":"ACName"}"#, #"{"type":"ACName","input":"a"}"#, #"{"type":"ACName","#,
    ] {
      #expect(throws: ConformanceCase.Malformed.self) { try ConformanceCase(line: line, place: "") }
    }
  }
}
