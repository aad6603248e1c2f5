import AppcSchema

/// What the library makes of a case's input.
struct Answer: Sendable {
  /// What it writes after reading; nil where a case has no such form.
  var form: String?
  /// Further things it finds, under the names that the corpus has for them.
  var findings: [String: JSONValue] = [:]
}

/// Whether the library takes an input.
enum Outcome: Sendable {
  case accepted(Answer)
  case refused(String)

  var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }
}

/// Why a reader of this suite cannot go on.
struct Refusal: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

extension ConformanceCase {
  /// What the library says about the input; nil for types that are not read here.
  func outcome(_ mode: ReadingMode = .tolerant) -> Outcome? {
    guard case .here(let read) = CaseType(name: type) else { return nil }
    do {
      return .accepted(try read(self, mode))
    } catch {
      return .refused("\(error)")
    }
  }
}
