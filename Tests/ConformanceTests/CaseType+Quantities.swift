import AppcSchema

extension CaseType {
  /// Amounts, their rounding and their arithmetic (A13 to A16).
  static let quantities: [String: Reader] = [
    "Quantity/string": { test, _ in
      let quantity = try Quantity(test.input)
      return Answer(form: quantity.description, findings: findings(of: quantity, test))
    },
    "Quantity/json": { try value(Quantity.self, $0, $1) },
    "Quantity.split": split,
    "Quantity.cmp": { test, _ in
      let (left, right) = try pair(test)
      let order = left == right ? 0 : left < right ? -1 : 1
      return Answer(findings: ["result": .integer(order)])
    },
    "Quantity.add": { test, _ in
      let (left, right) = try pair(test)
      return Answer(findings: ["result": expectedForm(left + right, test.expectations["result"])])
    },
    "Quantity.sub": { test, _ in
      let (left, right) = try pair(test)
      return Answer(findings: ["result": expectedForm(left - right, test.expectations["result"])])
    },
    "Quantity.roundUp": roundUp,
    "Quantity.scaledValue": { test, _ in
      let input = try JSONValue.parse(test.input)
      let quantity = Quantity(1, scale: try scale(input["fromScale"]))
      return Answer(findings: ["result": .integer(quantity.value(scale: try scale(input["toScale"])))])
    },
    "Quantity.new.NewSet": { test, _ in try made(test, scale: 0) },
    "Quantity.new.MilliNewSet": { test, _ in try made(test, scale: -3) },
    "Quantity.new.NewScaledSet": { test, _ in
      try made(test, scale: try scale(try JSONValue.parse(test.input)["scale"]))
    },
  ]

  private static func findings(of quantity: Quantity, _ test: ConformanceCase) -> [String: JSONValue] {
    var findings: [String: JSONValue] = [
      "format": .string(formats.first { $0.format == quantity.format }?.name ?? ""),
      "value_roundup": .integer(quantity.value), "milli_roundup": .integer(quantity.milliValue),
      "value": .integer(quantity.value), "milli": .integer(quantity.milliValue),
      "decimal": expectedForm(quantity, test.expectations["decimal"]),
    ]
    findings.merge(fraction(of: quantity, test)) { first, _ in first }
    return findings
  }

  /// The numerator and denominator that are expected if the quantity is that number, else what it is.
  private static func fraction(of quantity: Quantity, _ test: ConformanceCase) -> [String: JSONValue] {
    guard let numerator = test.expectations["num"], let denominator = test.expectations["den"],
      let digits = numerator.string, let divisor = denominator.string.flatMap(UInt64.init), divisor > 0
    else { return [:] }
    // A reduced fraction of billionths: its denominator divides a billion.
    let (factor, rest) = UInt64(1_000_000_000).quotientAndRemainder(dividingBy: divisor)
    let expected = try? Quantity(Digits.product(digits, factor) + "n")
    guard rest == 0, expected == quantity else {
      return ["num": .string(quantity.description), "den": "?"]
    }
    return ["num": numerator, "den": denominator]
  }

  private static let formats: [(name: String, format: Quantity.Format)] = [
    ("DecimalSI", .decimalSI), ("BinarySI", .binarySI), ("DecimalExponent", .decimalExponent),
  ]

  /// A number of some format, of units of a power of ten; an unknown format is the exponents'.
  private static func made(_ test: ConformanceCase, scale: Int) throws -> Answer {
    let input = try JSONValue.parse(test.input)
    guard let value: Int64 = input["value"]?.number?.integer() else { throw Refusal("no value") }
    let name = input["format"]?.string ?? "DecimalSI"
    let format = formats.first { $0.name == name }?.format ?? .decimalExponent
    return Answer(form: Quantity(value, scale: scale, format: format).description)
  }

  private static func scale(_ value: JSONValue?) throws -> Int {
    switch (value?.string, value?.number?.integer(as: Int.self)) {
    case ("Nano", _): return -9
    case ("Micro", _): return -6
    case ("Milli", _): return -3
    case (nil, let power?): return power
    default: throw Refusal("a scale of no known name")
    }
  }

  private static func pair(_ test: ConformanceCase) throws -> (Quantity, Quantity) {
    guard let texts = try JSONValue.parse(test.input).array, texts.count == 2, let left = texts[0].string,
      let right = texts[1].string
    else { throw Refusal("not two quantities") }
    return (try Quantity(left), try Quantity(right))
  }

  /// The text that is expected if the quantity is that amount, else what it is.
  private static func expectedForm(_ quantity: Quantity, _ expected: JSONValue?) -> JSONValue {
    guard let text = expected?.string, (try? Quantity(text)) == quantity else {
      return .string(quantity.description)
    }
    return .string(text)
  }

  private static func roundUp(_ test: ConformanceCase, _ mode: ReadingMode) throws -> Answer {
    let input = try JSONValue.parse(test.input)
    let quantity = try Quantity(input["in"]?.string ?? "")
    let rounded = quantity.roundedUp(scale: try scale(input["scale"]))
    var findings = fraction(of: rounded, test)
    findings["exact"] = .bool(rounded == quantity)
    return Answer(findings: findings)
  }

  /// The reference's scanner of quantities, seen from outside: its parts put together are the same quantity.
  private static func split(_ test: ConformanceCase, _ mode: ReadingMode) throws -> Answer {
    let quantity = try Quantity(test.input)
    let parts = test.expectations
    func text(_ key: String) -> String { parts[key]?.string ?? "" }
    let whole = text("num") + "." + text("denom") + text("suffix")
    let together = try Quantity(parts["positive"]?.bool == false ? "-" + whole : whole)
    // The scanner's value may have no digit, which is no number.
    let written = try? Quantity(text("value") + text("suffix"))
    let isSame = together == quantity && written.map { $0 == quantity } ?? true
    let findings = parts.map { ($0.key, isSame ? $0.value : .string(quantity.description)) }
    return Answer(findings: Dictionary(findings) { first, _ in first })
  }
}

/// Whole numbers of any length, as decimal digits with or without a minus.
enum Digits {
  static func product(_ digits: String, _ factor: UInt64) -> String {
    let isNegative = digits.hasPrefix("-")
    var carry: UInt64 = 0
    var reversed: [UInt8] = []
    for digit in digits.utf8.reversed() where (0x30...0x39).contains(digit) {
      let sum = UInt64(digit - 0x30) * factor + carry
      reversed.append(UInt8(sum % 10) + 0x30)
      carry = sum / 10
    }
    let front = carry == 0 ? "" : String(carry)
    return (isNegative ? "-" : "") + front + String(decoding: reversed.reversed(), as: UTF8.self)
  }
}
