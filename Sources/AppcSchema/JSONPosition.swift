/// A place in a JSON document.
public struct JSONPosition: Hashable, Sendable, CustomStringConvertible {
  /// Bytes before the place.
  public var offset: Int
  /// The line, from 1.
  public var line: Int
  /// The column in bytes, from 1.
  public var column: Int

  /// "line 3, column 14 (byte 52)".
  public var description: String { "line \(line), column \(column) (byte \(offset))" }

  /// A place that is known.
  init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }

  /// The place `offset` bytes into a document; clamped to its ends.
  public init(offset: Int, in document: borrowing Span<UInt8>) {
    self = JSONPosition(offset: 0, line: 1, column: 1).advanced(to: offset, in: document)
  }

  /// A place at or after this one; clamped to the document's end.
  func advanced(to offset: Int, in document: borrowing Span<UInt8>) -> JSONPosition {
    var place = self
    let end = min(max(offset, self.offset), document.count)
    while place.offset < end {
      if document[place.offset] == ASCII.lineFeed {
        place.line += 1
        place.column = 0
      }
      place.column += 1
      place.offset += 1
    }
    return place
  }
}
