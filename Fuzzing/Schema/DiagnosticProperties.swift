import AppcSchema
import FuzzSupport

/// What is found in a document is said in one line, and shown at its place in two.
func holdDiagnostic(_ diagnostic: Diagnostic, in bytes: [UInt8]) {
  holdMessage(diagnostic.description)
  hold(diagnostic.position != nil, "a diagnostic of bytes says where: \(diagnostic)")
  holdPosition(diagnostic.position, in: bytes)
  guard let excerpt = diagnostic.excerpt else {
    return hold(false, "a diagnostic shows its place: \(diagnostic)")
  }
  let lines = excerpt.split(separator: "\n", omittingEmptySubsequences: false)
  guard lines.count == 2, let caret = lines.last else {
    return hold(false, "an excerpt has two lines: \(excerpt.debugDescription)")
  }
  holdMessage(String(lines[0]))
  hold(lines[0].utf8.count <= 1000, "an excerpt is short: \(lines[0].utf8.count) bytes")
  hold(caret.last == "^" && caret.dropLast().allSatisfy { $0 == " " }, "a caret stands under the place")
  hold(caret.count <= lines[0].unicodeScalars.count + 1, "the caret stands under the line: \(excerpt)")
}
