/// How closely a value must follow the specification to be read.
public enum ReadingMode: Hashable, Sendable {
  /// The specification, version 0.8.11, to the letter.
  case strict
  /// What the reference implementation accepts and is not unsafe, and every earlier version since 0.1.1; each
  /// departure from the specification is reported as a diagnostic.
  case tolerant
}
