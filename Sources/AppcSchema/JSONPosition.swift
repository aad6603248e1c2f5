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

  /// The place `offset` bytes into a document; clamped to its ends.
  public init(offset: Int, in document: borrowing Span<UInt8>) {
    let end = min(max(offset, 0), document.count)
    var line = 1
    var lineStart = 0
    var index = 0
    while index < end {
      if document[index] == ASCII.lineFeed {
        line += 1
        lineStart = index + 1
      }
      index += 1
    }
    self.offset = end
    self.line = line
    self.column = end - lineStart + 1
  }
}
