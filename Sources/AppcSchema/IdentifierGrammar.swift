/// The two grammars of names, over bytes: words of `[a-z0-9]+` with single separators between them.
///
/// The reference implementation allows separators to stand side by side (`a..b`, even `a/../b`); tolerant
/// reading follows it, so a name must never be used as a path (A1, A4).
enum IdentifierGrammar {
  case identifier
  case name

  func isSeparator(_ byte: UInt8) -> Bool {
    switch self {
    case .name: byte == ASCII.minus
    case .identifier:
      byte == ASCII.minus || byte == ASCII.dot || byte == ASCII.underscore || byte == ASCII.tilde
        || byte == ASCII.slash
    }
  }

  private var separators: String {
    switch self {
    case .name: "\"-\""
    case .identifier: "\"-._~/\""
    }
  }

  private var typeName: String {
    switch self {
    case .name: "AC name"
    case .identifier: "AC identifier"
    }
  }

  /// Whether the bytes are a name to the letter of the grammar.
  func accepts(_ bytes: borrowing Span<UInt8>) -> Bool {
    // A separator may stand neither first nor last, nor after another.
    var needsWord = true
    for index in bytes.indices {
      let byte = bytes[index]
      if ASCII.isLowerAlphanumeric(byte) {
        needsWord = false
      } else if isSeparator(byte), !needsWord {
        needsWord = true
      } else {
        return false
      }
    }
    return !needsWord
  }

  /// Refuses what is not a name; nil if all is well.
  func problem(of text: String, mode: ReadingMode) -> String? {
    withBytes(of: text) { bytes in
      guard let first = bytes.first, let last = bytes.last else { return "it must not be empty" }
      var afterSeparator = false
      var doubled = false
      for byte in bytes {
        let separates = isSeparator(byte)
        guard separates || ASCII.isLowerAlphanumeric(byte) else {
          return "only a-z, 0-9 and \(separators) are allowed"
        }
        doubled = doubled || (separates && afterSeparator)
        afterSeparator = separates
      }
      if isSeparator(first) || isSeparator(last) { return "it must start and end with a letter or digit" }
      return doubled && mode == .strict ? "two separators stand side by side" : nil
    }
  }

  func check(_ text: String, mode: ReadingMode) throws(SchemaError) {
    if let problem = problem(of: text, mode: mode) { throw SchemaError.value(text, of: typeName, problem) }
  }

  /// A3: lower-cased, each character that is not allowed replaced, separators stripped at both ends.
  func sanitized(_ text: String) throws(SchemaError) -> String {
    let substitute = self == .name ? ASCII.minus : ASCII.underscore
    var bytes: [UInt8] = []
    for letter in text.unicodeScalars {
      // Letter by letter, as the reference implementation does: one goes in, one comes out.
      let scalar = letter.properties.lowercaseMapping.unicodeScalars.first ?? letter
      let byte = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : 0
      bytes.append(ASCII.isLowerAlphanumeric(byte) || isSeparator(byte) ? byte : substitute)
    }
    let kept = bytes.drop(while: isSeparator)
    guard let end = kept.lastIndex(where: { !isSeparator($0) }) else {
      throw SchemaError.value(text, of: typeName, "nothing of it can be kept")
    }
    return String(decoding: kept[...end], as: UTF8.self)
  }
}
