import Testing

@testable import AppcSchema

@Suite("Descriptions")
struct DescriptionTests {
  @Test(
    "every value prints on one line that is safe to show; those without a form as JSON", arguments: Round.all)
  func safe(round: Round) throws {
    var generator = round.generator
    for _ in 0..<2 {
      let (image, pod) = (try generator.imageManifest(), try generator.podManifest())
      try check(image) { try ImageManifest(json: JSONValue.parse($0)) }
      try check(pod) { try PodManifest(json: JSONValue.parse($0)) }
      try check(image.annotations) { try Annotations(json: JSONValue.parse($0)) }
      for app in pod.apps {
        try check(app) { try RuntimeApp(json: JSONValue.parse($0)) }
        try check(app.image) { try RuntimeImage(json: JSONValue.parse($0)) }
      }
      if let app = image.app {
        try check(app) { try App(json: JSONValue.parse($0)) }
        try check(app.environment) { try Environment(json: JSONValue.parse($0)) }
      }
      for dependency in image.dependencies {
        try check(dependency) { try Dependency(json: JSONValue.parse($0)) }
      }
    }
  }

  private func check<Value: SchemaValue & CustomStringConvertible>(
    _ value: Value, _ read: (String) throws -> Value
  ) throws {
    #expect("\(value)".isPrintable)
    #expect(try read("\(value)").json == value.json, "\(value)")
  }

  @Test("printable JSON escapes what a terminal would act upon, and reads back the same")
  func printableJSON() throws {
    let value: JSONValue = [
      "a\u{1B}\u{7F}\u{85}\u{200E}": ["\\\u{2028}", "\\\\u0041", "é😀\u{E0001}\u{FEFF}"]
    ]
    #expect(
      value.printable
        == #"{"a\u001b\u007f\u0085\u200e":["\\\u2028","\\\\u0041","é😀\udb40\udc01\ufeff"]}"#)
    #expect(try JSONValue.parse(value.printable) == value)
    #expect(JSONObject([.init(key: "\u{202E}", value: 1)]).description == #"{"\u202e":1}"#)
  }

  @Test("the contents of isolators print as their forms do")
  func contents() throws {
    let set = Isolator.SeccompSet(set: ["mount", "a,b"], errno: "EPERM")
    #expect("\(set)" == #"errno=EPERM,mount,"a,b""#)
    #expect("\(Isolator.Content.seccompRemoveSet(set))" == "os/linux/seccomp-remove-set,\(set)")
    #expect(
      "\(Isolator.SELinuxContext(user: "u", role: "r", type: "t", level: "s0:c0\n"))" == #"u:r:t:s0:c0\u{a}"#)
    #expect("\(Isolator.SysctlSetting(key: "a=b", value: "c=d"))" == #""a=b"=c=d"#)
    #expect(
      "\(Isolator.ResourceRange(request: try Quantity("500m"), limit: Quantity(1)))" == "request=500m,limit=1"
    )
    #expect("\(Isolator.ResourceRange())" == "unlimited")
  }

  @Test("what is read of a broken manifest is safe to show")
  func broken() throws {
    let bytes = Array(
      #"{"acKind":"PodManifest","apps":[{"name":"\u001b[2J","image":{"id":"x","name":"a\nb"}}]}"#.utf8)
    let pod = try LastDitchPodManifest.read(bytes)
    #expect(pod.description.isPrintable)
    #expect(pod.apps.map(\.description) == [#"\u{1b}[2J (x a\u{a}b)"#])
    let image = try LastDitchImageManifest.read(
      Array(#"{"acKind":"ImageManifest","name":"\u202e","labels":[{"name":"a","value":"\u202e"}]}"#.utf8))
    #expect(image.description.isPrintable)
    #expect(image.labels.map(\.description) == [#"a=\u{202e}"#])
    #expect(
      try ManifestHeader.read(Array(#"{"acKind":"ImageManifest","acVersion":"\t1"}"#.utf8)).description
        == #"ImageManifest \u{9}1"#)
    #expect(JSONObject.Member(key: "a\n", value: ["b"]).description == #""a\n":["b"]"#)
  }
}
