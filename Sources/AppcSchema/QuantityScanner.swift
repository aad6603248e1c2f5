/// Takes the text of a quantity apart (A13): sign and digits, then a suffix.
///
/// Works on borrowed bytes, so that reading a quantity of everyday size allocates nothing.
struct QuantityScanner {
  struct Number {
    var isNegative = false
    /// The digits without the point.
    var digits = DecimalMagnitude.zero
    /// How many of them stand after it.
    var fractionDigits = 0
  }

  struct Suffix {
    var format: Quantity.Format
    var decimalPower = 0
    /// The power of 1024.
    var binaryPower = 0
  }

  /// What is longer is refused before it costs anything.
  private static let maximumLength = 100_000

  private var index = 0

  mutating func number(_ bytes: borrowing Span<UInt8>) -> Number? {
    guard bytes.count <= Self.maximumLength else { return nil }
    var number = Number()
    let sign = byte(bytes)
    if sign == ASCII.minus || sign == ASCII.plus {
      number.isNegative = sign == ASCII.minus
      index += 1
    }
    let start = index
    var word: UInt128 = 0
    var fits = true
    var digits = 0
    var hasPoint = false
    while let byte = byte(bytes) {
      if byte == ASCII.dot, !hasPoint {
        hasPoint = true
      } else if ASCII.isDigit(byte) {
        digits += 1
        if hasPoint { number.fractionDigits += 1 }
        // Below that ten times as much and a digit fit.
        fits = fits && word < UInt128.max / 10
        if fits { word = word * 10 + UInt128(byte - ASCII.zero) }
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    if fits {
      number.digits = .word(DecimalMagnitude.Word(word))
    } else {
      let all = (start..<index).map { bytes[$0] }
      number.digits = DecimalMagnitude(digits: all.filter { $0 != ASCII.dot })
    }
    return number
  }

  /// The rest of the bytes as a suffix.
  mutating func suffix(_ bytes: borrowing Span<UInt8>) -> Suffix? {
    guard let first = byte(bytes) else { return Suffix(format: .decimalSI) }
    let length = bytes.count - index
    if length == 1, let power = Self.decimalPower(first) {
      return Suffix(format: .decimalSI, decimalPower: power)
    }
    if length == 2, bytes[index + 1] == UInt8(ascii: "i"), first != UInt8(ascii: "k"),
      let power = Self.decimalPower(first), power > 0
    {
      return Suffix(format: .binarySI, binaryPower: power / 3)
    }
    guard first | 0x20 == UInt8(ascii: "e") else { return nil }
    index += 1
    return exponent(bytes).map { Suffix(format: .decimalExponent, decimalPower: $0) }
  }

  /// An exponent of any length; stops growing where it exceeds all limits.
  private mutating func exponent(_ bytes: borrowing Span<UInt8>) -> Int? {
    let sign = byte(bytes)
    if sign == ASCII.minus || sign == ASCII.plus { index += 1 }
    guard index < bytes.count else { return nil }
    var exponent = 0
    while let digit = byte(bytes) {
      guard ASCII.isDigit(digit) else { return nil }
      exponent = min(exponent * 10 + Int(digit - ASCII.zero), 1_000_000)
      index += 1
    }
    return sign == ASCII.minus ? -exponent : exponent
  }

  private func byte(_ bytes: borrowing Span<UInt8>) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The power of ten of a one-letter suffix.
  ///
  /// "K" is "k", which the reference implementation alone does not know (A13).
  private static func decimalPower(_ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "n"): -9
    case UInt8(ascii: "u"): -6
    case UInt8(ascii: "m"): -3
    case UInt8(ascii: "k"), UInt8(ascii: "K"): 3
    case UInt8(ascii: "M"): 6
    case UInt8(ascii: "G"): 9
    case UInt8(ascii: "T"): 12
    case UInt8(ascii: "P"): 15
    case UInt8(ascii: "E"): 18
    default: nil
    }
  }
}
