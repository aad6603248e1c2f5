/// Several values of one form with colons between them, as the reference implementation's tool takes them.
enum FormList {
  /// The elements of the list; none for an empty text.
  ///
  /// A colon inside an element written in JSON is part of it.
  static func elements(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var elements: [String] = []
    var start = 0
    while start < bytes.count {
      let json = bytes[start] == ASCII.openBrace ? JSONExtent.end(in: bytes, from: start) : start
      let end = bytes[json...].firstIndex(of: ASCII.colon) ?? bytes.count
      elements.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end + 1
      // A colon at the very end promises another element.
      if start == bytes.count { elements.append("") }
    }
    return elements
  }
}

/// Finds the end of JSON that stands inside another text.
enum JSONExtent {
  /// Where the string, array or object that starts at `start` ends; the end of the text if it does not.
  ///
  /// Only quotation marks and brackets are matched: whether it is JSON is found out by reading it.
  static func end(in bytes: [UInt8], from start: Int) -> Int {
    var depth = 0
    var inString = false
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case ASCII.backslash where inString: index += 1
      case ASCII.quote: inString.toggle()
      case ASCII.openBrace, ASCII.openBracket: if !inString { depth += 1 }
      case ASCII.closeBrace, ASCII.closeBracket: if !inString { depth -= 1 }
      default: break
      }
      if depth <= 0, !inString { return index }
    }
    return bytes.count
  }
}
