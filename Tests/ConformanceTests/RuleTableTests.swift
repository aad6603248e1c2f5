import Foundation
import Testing

/// The table of rules itself, so that it cannot rot.
@Suite("The table of rules")
struct RuleTableTests {
  @Test("has every rule once")
  func completeness() {
    #expect(RuleTable.entries.map(\.rule).sorted() == RuleTable.rules.sorted())
  }

  @Test("says of every rule which tests check it, or why none does")
  func substance() {
    for entry in RuleTable.entries {
      #expect(!entry.tests.isEmpty || entry.remark?.isEmpty == false, "\(entry.rule)")
    }
  }

  @Test("names only tests that there are")
  func existence() throws {
    let tests = try Self.testsInSources()
    #expect(tests.count > 300)
    for entry in RuleTable.entries {
      for name in entry.tests { #expect(tests.contains(name), "\(entry.rule): \(name)") }
    }
  }

  /// Every test function below Tests, as Target/Suite.function, from the text of the sources.
  private static func testsInSources() throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    var names = Set<String>()
    for target in try FileManager.default.contentsOfDirectory(atPath: root.path()) {
      let directory = root.appending(path: target)
      let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path())) ?? []
      for file in files where file.hasSuffix(".swift") {
        let text = try String(contentsOf: directory.appending(path: file), encoding: .utf8)
        for name in Self.names(in: text) { names.insert("\(target)/\(name)") }
      }
    }
    return names
  }

  /// The suites and test functions of a source file: a function counts if `@Test` stands in front of it,
  /// behind the function before.
  private static func names(in text: String) -> [String] {
    var names: [String] = []
    var suite = ""
    var isTest = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("struct ") || line.hasPrefix("extension ") {
        if let match = line.firstMatch(of: /^\w+ (\w+Tests)\b/) { suite = String(match.1) }
      } else if line.contains("@Test") {
        isTest = true
      } else if line.contains("func "), let match = line.firstMatch(of: /\bfunc (\w+)\(/) {
        if isTest { names.append("\(suite).\(match.1)") }
        isTest = false
      }
    }
    return names
  }
}
