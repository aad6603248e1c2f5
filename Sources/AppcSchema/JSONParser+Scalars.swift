extension JSONParser {
  /// Reads a string, from one quotation mark past the other.
  mutating func string(_ input: borrowing Span<UInt8>) throws(Fault) -> String {
    offset += 1
    let start = offset
    while offset < input.count {
      let byte = input[offset]
      if byte == ASCII.quote {
        let text = Self.text(of: input, from: start, to: offset)
        offset += 1
        return text
      }
      if byte == ASCII.backslash { return try stringWithEscapes(input, from: start) }
      try plainCharacter(byte, input)
    }
    throw Fault(offset: start - 1, message: "the string that starts here does not end")
  }

  /// Goes on with a string at its first escape.
  private mutating func stringWithEscapes(
    _ input: borrowing Span<UInt8>, from start: Int
  ) throws(Fault) -> String {
    scratch.removeAll(keepingCapacity: true)
    var plainStart = start
    while offset < input.count {
      let byte = input[offset]
      guard byte == ASCII.quote || byte == ASCII.backslash else {
        try plainCharacter(byte, input)
        continue
      }
      for index in plainStart..<offset { scratch.append(input[index]) }
      if byte == ASCII.quote {
        offset += 1
        return String(decoding: scratch, as: UTF8.self)
      }
      try escape(input)
      plainStart = offset
    }
    throw Fault(offset: start - 1, message: "the string that starts here does not end")
  }

  /// Steps over one character that stands for itself.
  private mutating func plainCharacter(_ byte: UInt8, _ input: borrowing Span<UInt8>) throws(Fault) {
    if byte < 0x20 { throw fault("a control character in a string; write it as \\u00..") }
    if byte < 0x80 {
      offset += 1
    } else if let length = wellFormedLength(in: input, at: offset) {
      offset += length
    } else {
      throw fault("the string is not well-formed UTF-8")
    }
  }

  private mutating func escape(_ input: borrowing Span<UInt8>) throws(Fault) {
    guard input.count - offset >= 2 else { throw fault("the document ends inside an escape") }
    let start = offset
    let selector = input[offset + 1]
    offset += 2
    switch selector {
    case ASCII.quote, ASCII.backslash, ASCII.slash: scratch.append(selector)
    case UInt8(ascii: "b"): scratch.append(ASCII.backspace)
    case UInt8(ascii: "f"): scratch.append(ASCII.formFeed)
    case UInt8(ascii: "n"): scratch.append(ASCII.lineFeed)
    case UInt8(ascii: "r"): scratch.append(ASCII.carriageReturn)
    case UInt8(ascii: "t"): scratch.append(ASCII.tab)
    case UInt8(ascii: "u"): scratch.append(contentsOf: Character(try scalar(input, from: start)).utf8)
    default: throw Fault(offset: start, message: "JSON has no such escape")
    }
  }

  /// The scalar of `\uXXXX`, or of the two of a surrogate pair.
  ///
  /// `offset` stands after the `u`.
  private mutating func scalar(
    _ input: borrowing Span<UInt8>, from start: Int
  ) throws(Fault) -> Unicode.Scalar {
    let first = try fourDigits(input, from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, input.count - offset >= 2, input[offset] == ASCII.backslash,
      input[offset + 1] == UInt8(ascii: "u")
    else { throw Fault(offset: start, message: "half of a surrogate pair stands alone") }
    offset += 2
    let second = try fourDigits(input, from: start)
    guard second >= 0xDC00, second <= 0xDFFF,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw Fault(offset: start, message: "half of a surrogate pair stands alone") }
    return scalar
  }

  private mutating func fourDigits(_ input: borrowing Span<UInt8>, from start: Int) throws(Fault) -> UInt32 {
    guard input.count - offset >= 4 else {
      throw Fault(offset: start, message: "the document ends inside an escape")
    }
    var value: UInt32 = 0
    for index in offset..<offset + 4 {
      guard let digit = ASCII.hexadecimalValue(input[index]) else {
        throw Fault(offset: start, message: "\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    offset += 4
    return value
  }

  /// The bytes from `start` up to `end`, which are known to be well-formed UTF-8.
  static func text(of input: borrowing Span<UInt8>, from start: Int, to end: Int) -> String {
    input.extracting(start..<end).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  mutating func number(_ input: borrowing Span<UInt8>) throws(Fault) -> JSONNumber {
    switch Self.scanNumber(input, from: offset) {
    case .fault(let fault): throw fault
    case .number(let end):
      let text = Self.text(of: input, from: offset, to: end)
      offset = end
      return JSONNumber(checkedText: text)
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
