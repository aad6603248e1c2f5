extension Quantity {
  /// Reads `[+-]digits[.digits][suffix]` (A13, A14).
  ///
  /// Suffixes: `n u m k K M G T P E`, `Ki` to `Ei`, `e` or `E` with an exponent. What is finer than a
  /// billionth is rounded away from zero (A15); binary amounts beyond 2^63-1 become 2^63-1. Throws
  /// `invalidValue` for anything else, and for amounts of more than 600 digits in billionths.
  public init(_ text: String) throws(SchemaError) {
    let bytes = text.utf8.span
    var scanner = QuantityScanner()
    guard let number = scanner.number(bytes), let suffix = scanner.suffix(bytes) else {
      throw SchemaError.value(
        text, of: "quantity", "it must be a number with a suffix such as m, k, M, G, Ki, Mi, Gi or none")
    }
    var amount = number.digits
    for _ in 0..<suffix.binaryPower { amount = amount.multiplied(by: 1024) }
    let exponent = suffix.decimalPower - number.fractionDigits + 9
    guard let nanos = Self.nanos(amount, exponent) else {
      throw SchemaError.value(text, of: "quantity", "the amount is too large")
    }
    self.init(
      nanos: suffix.format == .binarySI ? min(nanos, Self.largestBinary) : nanos,
      isNegative: number.isNegative, format: suffix.format)
  }

  /// The amount times ten to the power of `exponent`; nil if that has too many digits.
  private static func nanos(_ amount: DecimalMagnitude, _ exponent: Int) -> DecimalMagnitude? {
    if amount.isZero { return .zero }
    // Counting digits is only worth it where they may be too many.
    if exponent > 500 || amount > largestBinary, exponent + amount.text.utf8.count > maximumDigits {
      return nil
    }
    return amount.shifted(by: exponent)
  }

  /// 2^63-1 whole units.
  private static let largestBinary = DecimalMagnitude(UInt64(Int64.max)).shifted(by: 9)

  /// The most digits an amount in billionths may have.
  static let maximumDigits = 600

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
    guard format == .binarySI, nanos >= Self.smallestBinary, nanos <= Self.largestBinary else { return nil }
    let units = nanos.shifted(by: -9)
    guard units.shifted(by: 9) == nanos else { return nil }
    let (mantissa, power) = Self.reduced(units, by: 1024, atMost: 6)
    return mantissa.text + Self.binarySuffixes[power]
  }

  private static let smallestBinary = DecimalMagnitude(1024).shifted(by: 9)

  private var decimalText: String {
    let isExponent = format == .decimalExponent
    let (mantissa, thousands) = Self.reduced(nanos, by: 1000, atMost: isExponent ? .max : 9)
    if !isExponent { return mantissa.text + Self.decimalSuffixes[thousands] }
    return thousands == 3 ? mantissa.text : "\(mantissa.text)e\(thousands * 3 - 9)"
  }

  /// Divides a number that is not zero by `base` as often as nothing remains.
  private static func reduced(
    _ number: DecimalMagnitude, by base: UInt32, atMost limit: Int
  ) -> (DecimalMagnitude, power: Int) {
    var (number, power) = (number, 0)
    while power < limit {
      let (quotient, remainder) = number.divided(by: base)
      guard remainder == 0 else { break }
      (number, power) = (quotient, power + 1)
    }
    return (number, power)
  }
}
