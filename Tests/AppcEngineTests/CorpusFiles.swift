import AppcSchema
import Foundation

/// Files of the corpora, which lie with the tests that they are for.
enum CorpusFiles {
  /// A file called `name` in the directory `Cases` of any test target.
  static func url(_ name: String) throws -> URL {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let targets = try FileManager.default.contentsOfDirectory(atPath: tests.path).sorted()
    let files = targets.map { tests.appending(path: "\($0)/Cases/\(name)") }
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw Missing(name: name)
    }
    return file
  }

  /// The lines of a file of JSON objects.
  static func lines(_ name: String) throws -> [JSONValue] {
    try Data(contentsOf: try url(name)).split(separator: UInt8(ascii: "\n")).map {
      try JSONValue.parse(Array($0))
    }
  }

  struct Missing: Error {
    let name: String
  }
}

/// A manifest of the corpus, and whether the reference takes it.
struct ManifestCase {
  let kind: ACKind
  let input: String
  let isAccepted: Bool
  let note: String

  /// Nil for cases of other types.
  init?(_ line: JSONValue) {
    switch line["type"]?.string {
    case "ImageManifest/json": kind = .imageManifest
    case "PodManifest/json": kind = .podManifest
    default: return nil
    }
    guard let input = line["input"]?.string, let accepted = (line["go_accepts"] ?? line["valid"])?.bool else {
      return nil
    }
    self.input = input
    isAccepted = accepted
    note = line["note"]?.string ?? ""
  }

  static func all() throws -> [ManifestCase] {
    try (CorpusFiles.lines("appc-cases.jsonl") + CorpusFiles.lines("appc-probes.jsonl")).compactMap(
      ManifestCase.init)
  }

  /// The rule by which we answer otherwise than the reference, which ConformanceTests lists with the reasons.
  var difference: String? {
    if input.contains("\"ACKIND\"") { return "A17" }
    if kind == .podManifest, input.contains("[{\"image\"") { return "L3" }
    let isEarlier =
      note.hasPrefix("v0.") || input.contains("{\"app\": \"a\"}")
      || input.contains("ContainerRuntimeManifest")
    if isEarlier { return "V" }
    return nil
  }
}
