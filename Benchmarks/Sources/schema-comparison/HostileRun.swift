import Foundation
import Measuring
import SchemaFixture

/// Documents of 64 MiB that want memory: how much more than their own bytes they get.
struct HostileRun {
  func run(_ verdicts: inout Verdicts) throws {
    for limits in HostileReading.Limits.allCases {
      var rows = [["document", "MiB above it", "allowed", "", "ms", "outcome"]]
      var missed: [String] = []
      for (number, document) in HostileDocument.all.enumerated() {
        let reading = try read(number, limits)
        let allowance = document.allowance(count: HostileReading.size, limits.values)
        let isMet = reading.memory <= allowance
        if !isMet { missed.append(document.name) }
        rows.append([
          document.name, Self.mebibytes(reading.memory), Self.mebibytes(allowance), isMet ? "" : "MISSED",
          reading.milliseconds, Self.detail(of: reading.outcome),
        ])
      }
      let title = "Hostile documents of 64 MiB, \(limits.title)"
      print("\n## \(title)\n\n\(MarkdownTable.text(rows))")
      verdicts.add(
        "\(title): memory", missed.isEmpty ? "all" : missed.joined(separator: ", "), "all as allowed",
        missed.isEmpty)
    }
  }

  private typealias Reading = (memory: Int, milliseconds: String, outcome: String)

  /// Reads a document in a process of its own.
  private func read(_ number: Int, _ limits: HostileReading.Limits) throws -> Reading {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["hostile-reading", "\(number)", limits.rawValue]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let fields = text.split(separator: " ", maxSplits: 2)
    guard process.terminationStatus == 0, fields.count == 3, let memory = Int(fields[0]) else {
      throw Problem(
        "reading \(HostileDocument.all[number].name) ended with \(process.terminationStatus): \(text)")
    }
    return (memory, String(fields[1]), String(fields[2].prefix { $0 != "\n" }))
  }

  /// What an error says after the place, in so many bytes as fit into a table.
  private static func detail(of outcome: String) -> String {
    let text = outcome.range(of: "): ").map { outcome[$0.upperBound...] } ?? outcome[...]
    return text.utf8.count <= 90
      ? String(text) : String(decoding: text.utf8.prefix(87), as: UTF8.self) + "..."
  }

  /// With one decimal.
  private static func mebibytes(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + (1 << 19)) >> 20
    return "\(tenths / 10).\(tenths % 10)"
  }
}
