import AppcSchema

/// Why the reference refuses an input, where the corpus says so in a way that ours can be held against.
struct RefusalReason: Sendable {
  /// What the corpus says.
  let theirs: String
  /// What one of ours must hold.
  let ours: [String]

  /// Nil if the case says nothing, or nothing that is known here.
  init?(_ test: ConformanceCase) {
    guard let text = test.fields["error_kind"]?.string ?? test.fields["error_prefix"]?.string,
      let known = Self.known.first(where: { text.hasPrefix($0.theirs) })
    else { return nil }
    theirs = text
    ours = known.ours
  }

  /// A1 tells three mistakes in a name apart, and looks at its characters before its ends.
  private static let known: [(theirs: String, ours: [String])] = [
    ("ErrEmptyAC", ["must not be empty"]),
    ("ErrInvalidCharInAC", ["are allowed"]),
    ("ErrInvalidEdgeInAC", ["must start and end"]),
    ("ErrNoACKind", ["acKind"]), ("bad ACKind", ["acKind"]),
    ("bad os", ["the os "]), ("bad arch", ["the arch "]),
    ("invalid label name", ["no label may be called"]),
    ("duplicate labels", ["two labels are called", "another label has this name"]),
  ]

  func isSaid(by text: String) -> Bool { ours.contains(where: text.contains) }
}
