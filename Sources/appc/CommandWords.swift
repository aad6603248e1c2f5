import AppcSchema

/// A command and its arguments, written as one text.
///
/// Words are set apart by blanks and quoted as in a shell: nothing in single quotes is special, `\` keeps the
/// character after it, within double quotes only `"`, `\`, `$` and the back quote. Nothing is expanded, for no shell
/// runs the command. A JSON list, `["/bin/echo", "a b"]`, can stand in its place.
struct CommandWords {
  private var words: [[UInt8]] = []
  /// The word being read; nil between words.
  private var word: [UInt8]?

  /// The words of a text, at least one, but for the list `[]`.
  static func parse(_ text: String) throws -> [String] {
    if text.utf8.starts(with: "[\"".utf8) || text.hasSameBytes(as: "[]") {
      return try App.exec(parsing: text)
    }
    var reading = CommandWords()
    try reading.read(Array(text.utf8))
    guard !reading.words.isEmpty else { throw CommandError("it names no command") }
    // Cut at ASCII characters only, so every word is UTF-8 as the text is.
    return reading.words.map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func read(_ text: [UInt8]) throws {
    var rest = text[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"): endWord()
      case UInt8(ascii: "'"): try readLiteral(&rest)
      case UInt8(ascii: "\""): try readQuoted(&rest)
      case UInt8(ascii: "\\"):
        guard let next = rest.popFirst() else {
          throw CommandError("nothing follows the backslash at its end")
        }
        add(next)
      default: add(byte)
      }
    }
    endWord()
  }

  private mutating func readLiteral(_ rest: inout ArraySlice<UInt8>) throws {
    beginWord()
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "'") { return }
      add(byte)
    }
    throw CommandError("a single quote is not closed")
  }

  private mutating func readQuoted(_ rest: inout ArraySlice<UInt8>) throws {
    beginWord()
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\"), let next = rest.first, "\"\\$`".utf8.contains(next) {
        rest.removeFirst()
        add(next)
      } else {
        add(byte)
      }
    }
    throw CommandError("a double quote is not closed")
  }

  private mutating func beginWord() {
    word = word ?? []
  }

  private mutating func add(_ byte: UInt8) {
    word = (word ?? []) + [byte]
  }

  private mutating func endWord() {
    if let word { words.append(word) }
    word = nil
  }
}
