/// A JSON number, kept as the text it was written as.
///
/// Nothing is rounded, and nothing can trap: `1e99999` is a number here, it just has no integer value.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
  /// The number as written: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
  ///
  /// ASCII, so the equality of strings is that of bytes.
  public let text: String

  /// A number whose text the parser has checked.
  init(checkedText: String) {
    text = checkedText
  }

  /// Takes a text that follows JSON's grammar of numbers, nil otherwise.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard case .number(let end) = JSONParser.scanNumber(bytes.span, from: 0), end == bytes.count else {
      return nil
    }
    self.text = text
  }

  /// The number of an integer.
  public init(_ value: some BinaryInteger) {
    text = String(value)
  }

  /// The value as an integer of the type asked for, if it is written as one (no fraction, no exponent) and
  /// fits.
  public func integer<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? {
    Integer(text)
  }

  /// The number as written.
  public var description: String { text }
}
