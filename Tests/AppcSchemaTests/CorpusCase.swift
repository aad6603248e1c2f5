import AppcSchema
import Foundation

/// One line of a `*.jsonl` file: an input, and what the reference implementation makes of it.
struct CorpusCase: Sendable, CustomStringConvertible {
  let type: String
  let input: String
  let isAccepted: Bool
  let canonical: String?
  let members: JSONValue

  init?(line: some Collection<UInt8>) throws {
    members = try JSONValue.parse(Array(line))
    guard let type = members["type"]?.string, let input = members["input"]?.string,
      let accepted = members["go_accepts"]?.bool ?? members["valid"]?.bool
    else { return nil }
    self.type = type
    self.input = input
    isAccepted = accepted
    canonical = (members["go_canonical"] ?? members["canonical"])?.string
  }

  init(type: String, input: String) {
    self.type = type
    self.input = input
    isAccepted = true
    canonical = nil
    members = .null
  }

  var description: String { "\(type) \(input.prefix(160).debugDescription)" }

  /// Every case of this target's own directory, and of the one that `APPC_CASES` names.
  static let all: [CorpusCase] = {
    var directories = [URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")]
    if let path = ProcessInfo.processInfo.environment["APPC_CASES"] {
      directories.append(URL(filePath: path))
    }
    return directories.flatMap { directory in
      let files =
        (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
      return files.filter { file in
        file.pathExtension == "jsonl"
          && (file.lastPathComponent.hasPrefix("appc-cases")
            || file.lastPathComponent.hasPrefix("appc-probes"))
      }.flatMap(cases(of:))
    }
  }()

  private static func cases(of file: URL) -> [CorpusCase] {
    guard let data = try? Data(contentsOf: file) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap { try? CorpusCase(line: $0) }
  }
}
