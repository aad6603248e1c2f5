/// Why a benchmark cannot go on.
public struct Problem: Error, CustomStringConvertible {
  /// One line.
  public let description: String

  /// A problem described in one line.
  public init(_ description: String) {
    self.description = description
  }
}
