/// Numbers in the fields of a tar header.
enum TarNumber {
  /// Reads a field: octal digits between blanks, or base-256 when the first bit is set (GNU).
  ///
  /// A blank field is 0.
  ///
  /// Returns nil for anything else, a sign, a "0x", garbage after the digits or a value beyond 64 bits
  /// included.
  static func parse(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
    guard let first = field.first else { return nil }
    return first & 0x80 == 0 ? octal(field) : base256(field)
  }

  private static func octal(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
    let digits = field.drop { $0 == UInt8(ascii: " ") }
    var value: UInt64 = 0
    var index = digits.startIndex
    while index < digits.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digits[index]) {
      guard value >> 60 == 0 else { return nil }
      value = value << 3 | UInt64(digits[index] & 7)
      index += 1
    }
    let rest = digits[index...]
    return rest.allSatisfy { $0 == 0 || $0 == UInt8(ascii: " ") } ? Int64(exactly: value) : nil
  }

  /// Two's complement, big-endian; the first bit only marks the notation.
  private static func base256(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
    guard let first = field.first else { return nil }
    let isNegative = first & 0x40 != 0
    var value: Int64 = isNegative ? -1 : 0
    for (index, byte) in field.enumerated() {
      let digit = index == 0 ? (isNegative ? byte : byte & 0x7F) : byte
      // What is shifted out must be the sign, else the value does not fit.
      guard value >> 55 == (isNegative ? -1 : 0) else { return nil }
      value = value << 8 | Int64(digit)
    }
    return value
  }

  /// Reads digits alone, as PAX records have them.
  static func decimal(_ text: some Collection<UInt8>) -> Int64? {
    guard !text.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
      let (next, overflow) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      guard !overflowTens, !overflow else { return nil }
      value = next
    }
    return value
  }
}

extension FileTime {
  /// Reads a PAX time: seconds with an optional sign and fraction, of which nine digits count.
  ///
  /// Never through a floating-point number: that would round, and trap on what does not fit.
  init?(paxText text: some Collection<UInt8>) {
    let isNegative = text.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first else { return nil }
    // The earliest second of all has no positive counterpart.
    if isNegative, parts.count == 1, whole.elementsEqual("\(Int64.min.magnitude)".utf8) {
      self.init(seconds: .min)
      return
    }
    guard let seconds = TarNumber.decimal(whole) else { return nil }
    var nanoseconds: Int32 = 0
    if parts.count == 2 {
      guard TarNumber.isDigits(parts[1]) else { return nil }
      for place in 0..<9 {
        let digit = parts[1].dropFirst(place).first.map { Int32($0 - UInt8(ascii: "0")) } ?? 0
        nanoseconds = nanoseconds * 10 + digit
      }
    }
    switch (isNegative, nanoseconds) {
    case (false, _): self.init(seconds: seconds, nanoseconds: nanoseconds)
    case (true, 0): self.init(seconds: -seconds)
    case (true, _): self.init(seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
    }
  }
}

extension TarNumber {
  /// Whether there are digits and nothing else, however many.
  static func isDigits(_ text: some Collection<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
