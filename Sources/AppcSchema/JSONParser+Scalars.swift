extension JSONParser {
  /// Reads a string, from one quotation mark past the other.
  mutating func string(_ input: borrowing Span<UInt8>) throws(Fault) {
    let start = offset
    var kind = JSONToken.Kind.plainString
    var index = offset + 1
    while index < input.count {
      index = Self.endOfOrdinaryBytes(input, from: index)
      guard index < input.count else { break }
      let byte = input[index]
      if byte >= 0x20, byte < 0x80, byte != ASCII.quote, byte != ASCII.backslash {
        index += 1
      } else if byte == ASCII.quote {
        offset = index + 1
        append(kind, from: start)
        return
      } else if byte == ASCII.backslash {
        kind = .escapedString
        index = try end(ofEscapeAt: index, input)
      } else if byte < 0x20 {
        throw Fault(offset: index, message: "a control character in a string; write it as \\u00..")
      } else if let length = wellFormedLength(in: input, at: index) {
        index += length
      } else {
        throw Fault(offset: index, message: "the string is not well-formed UTF-8")
      }
    }
    throw Fault(offset: start, message: "the string that starts here does not end")
  }

  /// Where the first byte is that does not stand for itself, looked for eight at a time; of the last few bytes of
  /// the document none is looked at.
  @inline(__always)
  private static func endOfOrdinaryBytes(_ input: borrowing Span<UInt8>, from start: Int) -> Int {
    var index = start
    while input.count - index >= 8 {
      let word = UInt64(
        littleEndian: input.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      let special = specialBytes(of: word)
      if special != 0 { return index + special.trailingZeroBitCount / 8 }
      index += 8
    }
    return index
  }

  /// The top bit of each byte that is no ASCII, a control character, a quotation mark or a backslash.
  ///
  /// Bytes above the first such one may be marked too, for a subtraction borrows from them; the lowest mark is
  /// right.
  @inline(__always)
  private static func specialBytes(of word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(ASCII.quote))
    let backslashes = word ^ (ones &* UInt64(ASCII.backslash))
    let control = (word &- ones &* 0x20) & ~word
    let quote = (quotes &- ones) & ~quotes
    let backslash = (backslashes &- ones) & ~backslashes
    return (control | quote | backslash | word) & (ones << 7)
  }

  private func end(ofEscapeAt start: Int, _ input: borrowing Span<UInt8>) throws(Fault) -> Int {
    guard input.count - start >= 2 else {
      throw Fault(offset: start, message: "the document ends inside an escape")
    }
    switch input[start + 1] {
    case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"): return try end(ofUnicodeEscapeAt: start, input)
    default: throw Fault(offset: start, message: "JSON has no such escape")
    }
  }

  /// `\uXXXX`, or the two of a surrogate pair.
  private func end(ofUnicodeEscapeAt start: Int, _ input: borrowing Span<UInt8>) throws(Fault) -> Int {
    let first = try fourDigits(input, at: start + 2, escape: start)
    guard (0xD800...0xDFFF).contains(first) else { return start + 6 }
    guard first < 0xDC00, input.count - start >= 8, input[start + 6] == ASCII.backslash,
      input[start + 7] == UInt8(ascii: "u"),
      (0xDC00...0xDFFF).contains(try fourDigits(input, at: start + 8, escape: start))
    else { throw Fault(offset: start, message: "half of a surrogate pair stands alone") }
    return start + 12
  }

  private func fourDigits(
    _ input: borrowing Span<UInt8>, at index: Int, escape: Int
  ) throws(Fault) -> UInt32 {
    guard input.count - index >= 4 else {
      throw Fault(offset: escape, message: "the document ends inside an escape")
    }
    var value: UInt32 = 0
    for position in index..<index + 4 {
      guard let digit = ASCII.hexadecimalValue(input[position]) else {
        throw Fault(offset: escape, message: "\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  mutating func number(_ input: borrowing Span<UInt8>) throws(Fault) {
    switch Self.scanNumber(input, from: offset) {
    case .fault(let fault): throw fault
    case .number(let end):
      let start = offset
      offset = end
      append(.number, from: start)
    }
  }

  /// What stands where a number should be.
  enum NumberScan {
    case number(end: Int)
    case fault(Fault)
  }

  /// Finds the end of the number that starts at `start`.
  ///
  /// A function of its own, since `JSONNumber` asks too.
  static func scanNumber(_ input: borrowing Span<UInt8>, from start: Int) -> NumberScan {
    var index = start
    if index < input.count, input[index] == ASCII.minus { index += 1 }
    let integer = skipDigits(input, from: index)
    if integer == index { return .fault(Fault(offset: index, message: "a digit is missing")) }
    if input[index] == ASCII.zero, integer - index > 1 {
      return .fault(Fault(offset: index, message: "a number may not start with 0"))
    }
    index = integer
    if index < input.count, input[index] == ASCII.dot {
      let fraction = skipDigits(input, from: index + 1)
      if fraction == index + 1 { return .fault(Fault(offset: fraction, message: "a digit is missing")) }
      index = fraction
    }
    guard index < input.count, input[index] | 0x20 == UInt8(ascii: "e") else { return .number(end: index) }
    index += 1
    if index < input.count, input[index] == ASCII.plus || input[index] == ASCII.minus { index += 1 }
    let exponent = skipDigits(input, from: index)
    if exponent == index { return .fault(Fault(offset: index, message: "a digit is missing")) }
    return .number(end: exponent)
  }

  private static func skipDigits(_ input: borrowing Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < input.count, ASCII.isDigit(input[index]) { index += 1 }
    return index
  }
}
