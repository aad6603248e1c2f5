import AppcSchema
import Testing

/// Strict reading follows the specification, tolerant reading the reference implementation where that is
/// harmless: the dossier's notes of where the two differ, rule by rule.
@Suite("Strict and tolerant reading")
struct StrictModeTests {
  @Test(
    "A1, A4, A6, A8, A10, A11: names, versions, IDs, dates and addresses",
    arguments: [
      ModeCase(deviation: "A1", #""labels":[{"name":"a--b","value":""}]"#),
      ModeCase(deviation: "A1", #""labels":[{"name":"a/../b","value":""}]"#),
      ModeCase("A1", #""labels":[{"name":"A","value":""}]"#, .refused),
      ModeCase("A1", #""labels":[{"name":"a-","value":""}]"#, .refused),
      ModeCase(deviation: "A1", #""dependencies":[{"imageName":"a..b"}]"#),
      ModeCase(
        deviation: "A4", #""app":{"user":"0","group":"0","mountPoints":[{"name":"a--b","path":"/"}]}"#),
      ModeCase("A4", #""app":{"user":"0","group":"0","mountPoints":[{"name":"a.b","path":"/"}]}"#, .refused),
      ModeCase("A8", #""dependencies":[{"imageName":"a","imageID":"sha512-abc"}]"#, .refused),
      ModeCase("A8", #""dependencies":[{"imageName":"a","imageID":"sha256-ab"}]"#, .refused),
      ModeCase(deviation: "A8", #""dependencies":[{"imageName":"a","imageID":"sha512-..."}]"#),
      ModeCase(
        deviation: "A8",
        #""dependencies":[{"imageName":"a","imageID":"sha512-"# + String(repeating: "ab", count: 32) + #""}]"#
      ),
      ModeCase("A10", #""annotations":[{"name":"created","value":"2014-10-27T19:32:27,5+01:00"}]"#, .taken),
      ModeCase("A10", #""annotations":[{"name":"created","value":"2014-10-27t19:32:27z"}]"#, .refused),
      ModeCase("A10", #""annotations":[{"name":"created","value":"2014-02-30T00:00:00Z"}]"#, .refused),
      ModeCase("A10", #""annotations":[{"name":"created","value":"2014-10-27T19:32:27+0100"}]"#, .refused),
      ModeCase("A11", #""annotations":[{"name":"homepage","value":"HTTP://example.com"}]"#, .taken),
      ModeCase("A11", #""annotations":[{"name":"homepage","value":"ftp://example.com"}]"#, .refused),
      ModeCase("A11", #""annotations":[{"name":"documentation","value":"//example.com"}]"#, .refused),
      ModeCase(
        deviation: "A11", #""annotations":[{"name":"homepage","value":"http://example.com/my page"}]"#),
    ])
  func texts(test: ModeCase) { test.checkImage() }

  @Test(
    "A5: a kind is ImageManifest or PodManifest",
    arguments: ["\"AppManifest\"", "\"\"", "\"imagemanifest\"", "null", "1"])
  func kinds(kind: String) {
    for mode in [ReadingMode.strict, .tolerant] {
      let text = #"{"acKind":"# + kind + #","acVersion":"0.8.11","name":"a"}"#
      #expect(throws: SchemaError.self) { try ImageManifest.read(Array(text.utf8), mode: mode) }
    }
  }

  @Test(
    "A6: a version is Semantic Versioning's, and not above today's; tolerant reading is as lax as the reference",
    arguments: [
      ("0.8.11", true, true), ("0.8.11+git", true, true), ("0.1.1", true, true), ("0.0.0-x", true, true),
      ("01.2.3", false, true), ("0.2.3-", false, true), ("0.2.3-a..b", false, true), ("9.0.0", false, true),
      ("0.0.0", false, false), ("1", false, false), ("1.0", false, false), ("1.2.3.4", false, false),
      ("v1.2.3", false, false), ("", false, false),
    ])
  func versions(version: String, strict: Bool, tolerant: Bool) {
    let text = #"{"acKind":"ImageManifest","acVersion":""# + version + #"","name":"a"}"#
    #expect(((try? ImageManifest.read(Array(text.utf8), mode: .strict)) != nil) == strict)
    #expect(((try? ImageManifest.read(Array(text.utf8))) != nil) == tolerant)
  }

  @Test(
    "A12 to A16: isolators and their quantities",
    arguments: [
      ModeCase(deviation: "A12", #"{"name":"foo"}"#),
      ModeCase("A12", #"{"name":"foo","value":null}"#, .taken),
      ModeCase("A12", #"{"value":1}"#, .refused),
      ModeCase("A12", #"{"name":"resource/memory"}"#, .refused),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":"1K"}}"#, .taken),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":"1KB"}}"#, .refused),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":""}}"#, .refused),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":"."}}"#, .refused),
      ModeCase("A14", #"{"name":"resource/memory","value":{"limit":1.5,"request":" 1 "}}"#, .taken),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":true}}"#, .refused),
      ModeCase("A15", #"{"name":"resource/memory","value":{"limit":"1e30"}}"#, .taken),
      ModeCase("A13", #"{"name":"resource/memory","value":{"limit":"1e1000"}}"#, .refused),
      ModeCase("A16", #"{"name":"resource/memory","value":{"limit":"+1E3"}}"#, .taken),
      ModeCase(deviation: "J16", #"{"name":"resource/memory","value":{"limit":"-1"}}"#),
    ])
  func isolators(test: ModeCase) { test.checkIsolator() }

  @Test(
    "A17, A18: keys count by their bytes and stand once; null is nothing",
    arguments: [
      ModeCase("A17", #""Labels":[]"#, .warned), ModeCase("A17", #""somethingElse":[]"#, .taken),
      ModeCase("A17", #""labels":[],"labels":[]"#, .refused),
      ModeCase("A18", #""labels":null,"app":null,"dependencies":null,"pathWhitelist":null"#, .taken),
      ModeCase("A18", #""labels":[],"dependencies":[],"pathWhitelist":[],"annotations":[]"#, .taken),
      ModeCase("D9", #""pathWhitelist":["/a",null]"#, .refused),
    ])
  func keys(test: ModeCase) { test.checkImage() }

  @Test(
    "D: image manifests",
    arguments: [
      ModeCase(deviation: "D4", #""labels":[{"name":"a"}]"#),
      ModeCase("D4", #""labels":[{"value":"a"}]"#, .refused),
      ModeCase("D4", #""labels":[{"name":"name","value":""}]"#, .refused),
      ModeCase("D4", #""labels":[{"name":"a","value":""},{"name":"a","value":""}]"#, .refused),
      ModeCase("D6", #""labels":[{"name":"arch","value":"bogus"}]"#, .warned),
      ModeCase("D9", #""pathWhitelist":["/a","/a/"]"#, .taken),
      ModeCase(deviation: "D9", #""pathWhitelist":["a"]"#),
      ModeCase(deviation: "D9", #""pathWhitelist":[""]"#),
      ModeCase("D9", #""pathWhitelist":["/a/../b"]"#, .refused),
      ModeCase("D10", #""annotations":[{"name":"a","value":""},{"name":"a","value":""}]"#, .refused),
      ModeCase(deviation: "D10", #""annotations":[{"name":"authors"}]"#),
      ModeCase("D11", #""labels":[{"name":"os","value":"linux"},{"name":"arch","value":"arm64"}]"#, .refused),
      ModeCase("D11", #""labels":[{"name":"os","value":"linux"},{"name":"arch","value":"armv7b"}]"#, .taken),
      ModeCase("D11", #""labels":[{"name":"os","value":""}]"#, .refused),
      ModeCase(
        deviation: "D13",
        #""annotations":[{"name":"appc.io/executor/supports-systemd-notify","value":"maybe"}]"#),
    ])
  func images(test: ModeCase) { test.checkImage() }

  @Test(
    "E: apps",
    arguments: [
      ModeCase("E1", #""exec":null"#, .taken), ModeCase("E1", #""exec":["not/absolute"]"#, .taken),
      ModeCase("E1", #""exec":"a""#, .refused),
      ModeCase("E3", #""supplementaryGIDs":[-1]"#, .refused),
      ModeCase("E3", #""supplementaryGIDs":[1.5]"#, .refused),
      ModeCase(deviation: "V", #""supplementaryGids":[1]"#),
      ModeCase(deviation: "V", #""supplementaryGroups":[1]"#),
      ModeCase(deviation: "E4", #""eventHandlers":[{"name":"pre-start"}]"#),
      ModeCase("E4", #""eventHandlers":[{"name":"pre-stop","exec":["a"]}]"#, .refused),
      ModeCase("E5", #""workingDirectory":"/../x""#, .taken),
      ModeCase("E5", #""workingDirectory":"x""#, .refused),
      ModeCase(deviation: "E6", #""environment":[{"name":"A"}]"#),
      ModeCase("E6", #""environment":[{"name":"A.B-C","value":""}]"#, .taken),
      ModeCase("E6", #""environment":[{"name":"1A","value":""}]"#, .refused),
      ModeCase("E7", #""isolators":[{"name":"foo/bar","value":{"a":1}}]"#, .taken),
      ModeCase(deviation: "E8", #""mountPoints":[{"name":"a"}]"#),
      ModeCase(deviation: "E8", #""mountPoints":[{"name":"a","path":"x"}]"#),
      ModeCase(deviation: "E8", #""mountPoints":[{"name":"a","path":"/x"},{"name":"a","path":"/y"}]"#),
      ModeCase("E9b", #""userLabels":{"anything at all!":"x"}"#, .taken),
      ModeCase("E9b", #""userAnnotations":{"a":1}"#, .refused),
      ModeCase(deviation: "E11", #""ports":[{"name":"a","port":80}]"#),
      ModeCase(deviation: "E11", #""ports":[{"name":"a","protocol":"tcp","port":80,"count":0}]"#),
      ModeCase("E11", #""ports":[{"name":"a","protocol":"tcp","port":65535,"count":2}]"#, .refused),
      ModeCase(
        "E11", #""ports":[{"name":"a","protocol":"tcp","port":80,"count":18446744073709551615}]"#, .refused),
      ModeCase(
        deviation: "E11",
        #""ports":[{"name":"a","protocol":"tcp","port":1},{"name":"a","protocol":"tcp","port":2}]"#),
    ])
  func apps(test: ModeCase) { test.checkApp() }

  @Test(
    "F: dependencies",
    arguments: [
      ModeCase("F1", "[{}]", .refused), ModeCase(deviation: "V", #"[{"app":"a"}]"#),
      ModeCase("F2", #"[{"imageName":"a","imageID":null}]"#, .taken),
      ModeCase("A8", #"[{"imageName":"a","imageID":""}]"#, .refused),
      ModeCase("F3", #"[{"imageName":"a","labels":[{"name":"name","value":""}]}]"#, .refused),
      ModeCase("F4", #"[{"imageName":"a","size":0}]"#, .taken),
      ModeCase("F4", #"[{"imageName":"a","size":"1"}]"#, .refused),
      ModeCase("F4", #"[{"imageName":"a","size":-1}]"#, .refused),
    ])
  func dependencies(test: ModeCase) {
    ModeCase(test.rule, #""dependencies":"# + test.json, strict: test.strict, tolerant: test.tolerant)
      .checkImage()
  }
}
