extension Quantity {
  /// Reads `[+-]digits[.digits][suffix]` (A13, A14).
  ///
  /// Suffixes: `n u m k K M G T P E`, `Ki` to `Ei`, `e` or `E` with an exponent. What is finer than a
  /// billionth is rounded away from zero (A15); binary amounts beyond 2^63-1 become 2^63-1. Throws
  /// `invalidValue` for anything else, and for amounts of more than `maximumDigits` digits.
  public init(_ text: String) throws(SchemaError) {
    var scanner = Scanner(bytes: Array(text.utf8))
    guard let number = scanner.number(), let suffix = scanner.suffix() else {
      throw SchemaError.value(
        text, of: "quantity", "it must be a number with a suffix such as m, k, M, G, Ki, Mi, Gi or none")
    }
    var amount = DecimalMagnitude(digits: number.digits)
    if amount.isZero {
      self.init(nanos: .zero, isNegative: false, format: suffix.format)
      return
    }
    for _ in 0..<suffix.binaryPower { amount = amount.multiplied(by: 1024) }
    // An exponent of any size may have been written; the sum of two cannot overflow after this.
    let exponent = min(max(suffix.decimalPower, -100_000), 100_000) - number.fractionDigits + 9
    guard exponent + amount.digits.count <= Self.maximumDigits else {
      throw SchemaError.value(text, of: "quantity", "the amount is too large")
    }
    var nanos = amount.shifted(by: max(exponent, -amount.digits.count))
    if suffix.format == .binarySI {
      nanos = min(nanos, DecimalMagnitude(UInt64(Int64.max)).shifted(by: 9))
    }
    self.init(nanos: nanos, isNegative: number.isNegative, format: suffix.format)
  }

  /// Reads a quantity from JSON: a string, with white space around it allowed, or a number; null is zero
  /// (A14).
  init(json value: JSONValue) throws(SchemaError) {
    switch value {
    case .string(let text):
      func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || (ASCII.tab...ASCII.carriageReturn).contains(byte)
      }
      let start = text.utf8.drop(while: isBlank)
      let end = start.lastIndex { !isBlank($0) }
      try self.init(end.map { String(decoding: start[...$0], as: UTF8.self) } ?? "")
    case .number(let number):
      try self.init(number.text)
    case .null:
      self.init(0)
    default:
      throw SchemaError.value(value.kindName, of: "quantity", "it must be a string or a number")
    }
  }

  /// The most digits an amount in billionths may have.
  static let maximumDigits = 600

  private struct Number {
    var isNegative: Bool
    var digits: [UInt8]
    var fractionDigits: Int
  }

  private struct Suffix {
    var format: Format
    var decimalPower = 0
    var binaryPower = 0
  }

  private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    mutating func number() -> Number? {
      var number = Number(isNegative: false, digits: [], fractionDigits: 0)
      if let sign = bytes.first, sign == ASCII.minus || sign == ASCII.plus {
        number.isNegative = sign == ASCII.minus
        index = 1
      }
      number.digits = digits()
      if index < bytes.count, bytes[index] == ASCII.dot {
        index += 1
        let fraction = digits()
        number.digits += fraction
        number.fractionDigits = fraction.count
      }
      return number.digits.isEmpty || number.digits.count > 100_000 ? nil : number
    }

    private mutating func digits() -> [UInt8] {
      let start = index
      while index < bytes.count, ASCII.isDigit(bytes[index]) { index += 1 }
      return Array(bytes[start..<index])
    }

    /// The rest of the bytes as a suffix.
    mutating func suffix() -> Suffix? {
      let rest = bytes[index...]
      guard let first = rest.first else { return Suffix(format: .decimalSI) }
      if rest.count == 1, let power = Quantity.decimalPower(first) {
        return Suffix(format: .decimalSI, decimalPower: power)
      }
      if rest.count == 2, rest.last == UInt8(ascii: "i"), first != UInt8(ascii: "k"),
        let power = Quantity.decimalPower(first), power > 0
      {
        return Suffix(format: .binarySI, binaryPower: power / 3)
      }
      guard first | 0x20 == UInt8(ascii: "e") else { return nil }
      index += 1
      let isNegative = index < bytes.count && bytes[index] == ASCII.minus
      if isNegative || (index < bytes.count && bytes[index] == ASCII.plus) { index += 1 }
      let exponent = digits()
      guard !exponent.isEmpty, index == bytes.count else { return nil }
      let magnitude = DecimalMagnitude(digits: exponent.prefix(1000)).uint64.flatMap(Int.init(exactly:))
      let power = exponent.count > 1000 ? nil : magnitude
      return Suffix(
        format: .decimalExponent, decimalPower: isNegative ? -(power ?? .max) : power ?? .max)
    }
  }

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

extension Quantity: CustomStringConvertible {
  private static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
  private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

  /// The canonical form (A16): the largest suffix of the format that leaves a whole number.
  ///
  /// A binary amount below 1024, or with a fraction, is written in decimal.
  public var description: String {
    guard !nanos.isZero else { return "0" }
    return (isNegative ? "-" : "") + (binaryText ?? decimalText)
  }

  private var binaryText: String? {
    guard format == .binarySI, nanos >= DecimalMagnitude(1024).shifted(by: 9) else { return nil }
    var mantissa = nanos.shifted(by: -9)
    guard mantissa.shifted(by: 9) == nanos else { return nil }
    var power = 0
    while power < 6 {
      let (quotient, remainder) = mantissa.divided(by: 1024)
      guard remainder == 0 else { break }
      mantissa = quotient
      power += 1
    }
    return String(decoding: mantissa.digits, as: UTF8.self) + Self.binarySuffixes[power]
  }

  private var decimalText: String {
    let digits = nanos.digits
    let zeros = digits.reversed().prefix { $0 == ASCII.zero }.count
    // `zeros` may be many; as a power of ten over billionths it is a multiple of three, at most "E" for
    // suffixes.
    let groups = format == .decimalExponent ? zeros / 3 : min(zeros / 3, 9)
    let mantissa = String(decoding: digits.dropLast(groups * 3), as: UTF8.self)
    if format == .decimalExponent { return groups == 3 ? mantissa : "\(mantissa)e\(groups * 3 - 9)" }
    return mantissa + Self.decimalSuffixes[groups]
  }
}
