import Foundation

/// Every corpus file that there is: those of this target, and those below the directory (or the file) that
/// the environment variable `APPC_CASES` names.
struct CaseFiles: Sendable {
  private(set) var files: [URL] = []
  private(set) var cases: [ConformanceCase] = []
  /// What could not be read, each with file and line.
  private(set) var problems: [String] = []

  static let all = CaseFiles()

  init(others: String? = ProcessInfo.processInfo.environment["APPC_CASES"]) {
    let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    for root in [own] + (others.map { [URL(filePath: $0)] } ?? []) {
      let found = Self.corpusFiles(below: root)
      if found.isEmpty { problems.append("\(root.path()): no file appc-cases*.jsonl or appc-probes*.jsonl") }
      for file in found { read(file) }
    }
  }

  private static func corpusFiles(below root: URL) -> [URL] {
    let inside = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let files = inside.map { $0.compactMap { $0 as? URL } } ?? []
    return (files.isEmpty ? [root] : files)
      .filter { file in
        let name = file.lastPathComponent
        return name.hasSuffix(".jsonl") && (name.hasPrefix("appc-cases") || name.hasPrefix("appc-probes"))
      }
      .sorted { $0.path() < $1.path() }
  }

  private mutating func read(_ file: URL) {
    guard let data = try? Data(contentsOf: file) else {
      problems.append("\(file.path()): cannot be read")
      return
    }
    files.append(file)
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      if text.allSatisfy(\.isWhitespace) { continue }
      let place = "\(file.lastPathComponent):\(index + 1)"
      do {
        cases.append(try ConformanceCase(line: text, place: place))
      } catch {
        problems.append("\(place): \(error.reason)")
      }
    }
  }
}
