import AppcSchema
import Testing

/// A departure from the specification, and what strict and tolerant reading make of it.
struct ModeCase: Sendable, CustomTestStringConvertible {
  /// What becomes of a document.
  enum Verdict: Sendable {
    case taken
    /// Taken, with a warning of the rule.
    case warned
    /// Refused, for the rule.
    case refused
  }

  let rule: String
  let json: String
  let strict: Verdict
  let tolerant: Verdict

  /// What both modes say.
  init(_ rule: String, _ json: String, _ both: Verdict) {
    self.init(rule, json, strict: both, tolerant: both)
  }

  /// What the specification forbids and the reference takes: strict refuses, tolerant warns.
  init(deviation rule: String, _ json: String) {
    self.init(rule, json, strict: .refused, tolerant: .warned)
  }

  init(_ rule: String, _ json: String, strict: Verdict, tolerant: Verdict) {
    self.rule = rule
    self.json = json
    self.strict = strict
    self.tolerant = tolerant
  }

  var testDescription: String { "\(rule) \(json)" }

  /// Reads a manifest that holds the case in both modes.
  func check(in document: String, _ read: ([UInt8], ReadingMode) throws -> [Diagnostic]) {
    for (mode, verdict) in [(ReadingMode.strict, strict), (.tolerant, tolerant)] {
      do {
        let diagnostics = try read(Array(document.utf8), mode)
        let isWarned = diagnostics.contains { $0.rule == rule && $0.severity == .warning }
        #expect(verdict != .refused, "\(mode): taken")
        #expect(verdict == .refused || isWarned == (verdict == .warned), "\(mode): \(diagnostics)")
      } catch let error as SchemaError {
        let isNamed = error.diagnostics.contains { $0.rule == rule && $0.severity == .error }
        #expect(verdict == .refused, "\(mode): \(error)")
        #expect(isNamed || error.diagnostics.isEmpty, "\(mode): \(error)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  /// Members of an image manifest.
  func checkImage() {
    check(in: #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/a","# + json + "}") {
      try ImageManifest.read($0, mode: $1).diagnostics
    }
  }

  /// Members of an app.
  func checkApp() {
    check(
      in: #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","app":{"user":"0","group":"0","# + json
        + "}}"
    ) {
      try ImageManifest.read($0, mode: $1).diagnostics
    }
  }

  /// An isolator of an app.
  func checkIsolator() {
    ModeCase(rule, #""isolators":["# + json + "]", strict: strict, tolerant: tolerant).checkApp()
  }

  /// Members of a pod manifest besides its apps.
  func checkPod() {
    check(in: #"{"acKind":"PodManifest","acVersion":"0.8.11","apps":[],"# + json + "}") {
      try PodManifest.read($0, mode: $1).diagnostics
    }
  }

  /// An app of a pod manifest.
  func checkRuntimeApp() {
    check(in: #"{"acKind":"PodManifest","acVersion":"0.8.11","apps":["# + json + "]}") {
      try PodManifest.read($0, mode: $1).diagnostics
    }
  }
}
