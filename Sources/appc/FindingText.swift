import AppcEngine

/// What validation found, as people read it.
enum FindingText {
  /// Prints one finding with its place, and below it the document's line when that is known.
  static func show(_ finding: ValidationFinding, of report: ValidationReport) {
    Console.error(report.line(finding))
    guard let excerpt = finding.excerpt else { return }
    for line in excerpt.split(separator: "\n") { Console.error("  \(line)") }
  }
}
