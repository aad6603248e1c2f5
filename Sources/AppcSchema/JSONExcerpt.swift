/// The line of a document around a place, with a caret under the place.
package struct JSONExcerpt: CustomStringConvertible {
  /// How many bytes of the line are shown before and after the place.
  private static let reach = (before: 40, after: 36)

  private let line: String
  private let indent: Int

  /// Takes the line around `position` of a document.
  package init(of document: [UInt8], at position: JSONPosition) {
    let offset = min(position.offset, document.count)
    let lineStart = max(0, offset - position.column + 1)
    let lineEnd = document[offset...].prefix(Self.reach.after).firstIndex(of: ASCII.lineFeed)
    let start = Self.boundary(document, max(lineStart, offset - Self.reach.before))
    let end = max(
      offset, Self.boundary(document, lineEnd ?? min(document.count, offset + Self.reach.after)))
    let before = (start > lineStart ? "…" : "") + Self.shown(document[start..<offset])
    let isCut = end < document.count && document[end] != ASCII.lineFeed
    line = before + Self.shown(document[offset..<end]) + (isCut ? "…" : "")
    indent = before.unicodeScalars.count
  }

  /// Two lines: the document's, then blanks and a caret.
  ///
  /// Control and formatting characters are escaped, so that the caret stands where it should.
  package var description: String { line + "\n" + String(repeating: " ", count: indent) + "^" }

  /// Tabs and carriage returns of the layout as blanks, everything else that does not print escaped.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    printable(
      bytes.lazy.map { $0 == ASCII.tab || $0 == ASCII.carriageReturn ? ASCII.space : $0 })
  }

  /// The start of the character that `index` is in the middle of; `index` itself where the bytes around it are
  /// no character.
  private static func boundary(_ document: [UInt8], _ index: Int) -> Int {
    func isContinuation(_ place: Int) -> Bool {
      place > 0 && place < document.count && document[place] & 0xC0 == 0x80
    }
    // A character has three bytes after its first at most.
    return (0...3).lazy.map { index - $0 }.first { !isContinuation($0) } ?? index
  }
}
