/// A whole number of any size that is not negative: a machine word while that can hold it, limbs beyond.
///
/// Just enough arithmetic for quantities. A number has one representation only, so equality and hash are those
/// of the representation.
enum DecimalMagnitude: Hashable, Sendable {
  case word(Word)
  /// Only for numbers that no word can hold.
  case limbs(DecimalLimbs)

  /// A number of 128 bits.
  ///
  /// In halves: compiled by Swift 6.3 without optimisation, a structure that holds a `UInt128` as the payload
  /// of an enumeration is loaded from where it is not aligned, and traps.
  struct Word: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt64

    init(_ value: UInt128) {
      high = UInt64(truncatingIfNeeded: value >> 64)
      low = UInt64(truncatingIfNeeded: value)
    }

    var value: UInt128 { UInt128(high) << 64 | UInt128(low) }
  }

  static let zero = DecimalMagnitude(0)

  init(_ value: UInt64) { self = .word(Word(UInt128(value))) }

  private init(_ limbs: DecimalLimbs) { self = limbs.word.map(DecimalMagnitude.word) ?? .limbs(limbs) }

  /// Reads ASCII digits, most significant first.
  init(digits: some BidirectionalCollection<UInt8>) { self.init(DecimalLimbs(digits: digits)) }

  var isZero: Bool { self == .zero }

  /// Decimal digits; "0" for zero.
  var text: String {
    switch self {
    case .word(let word): String(word.value)
    case .limbs(let limbs): String(decoding: limbs.digits, as: UTF8.self)
    }
  }

  /// The value, nil if it does not fit.
  var uint64: UInt64? {
    if case .word(let word) = self { UInt64(exactly: word.value) } else { nil }
  }

  func multiplied(by factor: UInt32) -> DecimalMagnitude {
    if case .word(let word) = self {
      let (product, overflow) = word.value.multipliedReportingOverflow(by: UInt128(factor))
      if !overflow { return .word(Word(product)) }
    }
    return DecimalMagnitude(asLimbs.multiplied(by: factor))
  }

  func divided(by divisor: UInt32) -> (quotient: DecimalMagnitude, remainder: UInt32) {
    if case .word(let word) = self {
      let (quotient, remainder) = word.value.quotientAndRemainder(dividingBy: UInt128(divisor))
      return (.word(Word(quotient)), UInt32(remainder))
    }
    let (quotient, remainder) = asLimbs.divided(by: divisor)
    return (DecimalMagnitude(quotient), remainder)
  }

  /// This times ten to the power of `exponent`; what falls off the end rounds the rest up.
  func shifted(by exponent: Int) -> DecimalMagnitude {
    if exponent == 0 || isZero { return self }
    if case .word(let word) = self, exponent.magnitude < Self.powersOfTen.count {
      let power = Self.powersOfTen[Int(exponent.magnitude)]
      if exponent < 0 {
        let (quotient, remainder) = word.value.quotientAndRemainder(dividingBy: power)
        return .word(Word(remainder == 0 ? quotient : quotient + 1))
      }
      let (product, overflow) = word.value.multipliedReportingOverflow(by: power)
      if !overflow { return .word(Word(product)) }
    }
    return DecimalMagnitude(asLimbs.shifted(by: exponent))
  }

  static func + (left: DecimalMagnitude, right: DecimalMagnitude) -> DecimalMagnitude {
    if case .word(let mine) = left, case .word(let other) = right {
      let (sum, overflow) = mine.value.addingReportingOverflow(other.value)
      if !overflow { return .word(Word(sum)) }
    }
    return DecimalMagnitude(left.asLimbs + right.asLimbs)
  }

  /// The difference, whichever is the greater.
  func distance(to other: DecimalMagnitude) -> DecimalMagnitude {
    let (greater, smaller) = self < other ? (other, self) : (self, other)
    if case .word(let minuend) = greater, case .word(let subtrahend) = smaller {
      return .word(Word(minuend.value - subtrahend.value))
    }
    return DecimalMagnitude(greater.asLimbs.minus(smaller.asLimbs))
  }

  private var asLimbs: DecimalLimbs {
    switch self {
    case .word(let word): DecimalLimbs(word.value)
    case .limbs(let limbs): limbs
    }
  }

  /// Those that a word can hold.
  private static let powersOfTen: [UInt128] = (0..<38).reduce(into: [1]) { powers, _ in
    powers.append((powers.last ?? 1) * 10)
  }
}

extension DecimalMagnitude: Comparable {
  static func < (left: DecimalMagnitude, right: DecimalMagnitude) -> Bool {
    switch (left, right) {
    case (.word(let mine), .word(let other)): mine.value < other.value
    case (.word, .limbs): true
    case (.limbs, .word): false
    case (.limbs(let mine), .limbs(let other)): mine < other
    }
  }
}
