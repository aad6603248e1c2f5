extension JSONToken {
  /// The text of a string, unescaped.
  ///
  /// The parser has checked that every escape is whole and every byte well-formed.
  func text(in input: borrowing Span<UInt8>) -> String {
    if kind == .escapedString { return unescapedText(in: input) }
    // Checked once, by the parser.
    return String(copying: UTF8Span(unchecked: input.extracting(content)))
  }

  /// The digits of a number.
  func number(in input: borrowing Span<UInt8>) -> JSONNumber {
    let text = input.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    return JSONNumber(checkedText: text)
  }

  private func unescapedText(in input: borrowing Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count)
    var index = content.lowerBound
    while index < content.upperBound {
      guard input[index] == ASCII.backslash else {
        bytes.append(input[index])
        index += 1
        continue
      }
      index = Self.appendEscaped(at: index, input, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends what the escape at `index` stands for, and returns where it ends.
  private static func appendEscaped(
    at index: Int, _ input: borrowing Span<UInt8>, to bytes: inout [UInt8]
  ) -> Int {
    let selector = input[index + 1]
    switch selector {
    case UInt8(ascii: "b"): bytes.append(ASCII.backspace)
    case UInt8(ascii: "f"): bytes.append(ASCII.formFeed)
    case UInt8(ascii: "n"): bytes.append(ASCII.lineFeed)
    case UInt8(ascii: "r"): bytes.append(ASCII.carriageReturn)
    case UInt8(ascii: "t"): bytes.append(ASCII.tab)
    case UInt8(ascii: "u"):
      let first = fourDigits(at: index + 2, input)
      if let scalar = Unicode.Scalar(first) {
        bytes.append(contentsOf: Character(scalar).utf8)
        return index + 6
      }
      let second = fourDigits(at: index + 8, input)
      if let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)) {
        bytes.append(contentsOf: Character(scalar).utf8)
      }
      return index + 12
    default: bytes.append(selector)
    }
    return index + 2
  }

  private static func fourDigits(at index: Int, _ input: borrowing Span<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for position in index..<index + 4 {
      value = value << 4 | UInt32(ASCII.hexadecimalValue(input[position]) ?? 0)
    }
    return value
  }
}
