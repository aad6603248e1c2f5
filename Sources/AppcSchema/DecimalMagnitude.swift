/// A whole number of any size that is not negative, in limbs of nine decimal digits.
///
/// Just enough arithmetic for quantities, whose digits are limited when they are read.
struct DecimalMagnitude: Hashable, Sendable {
  private static let base: UInt64 = 1_000_000_000

  /// Least significant first; no zero at the end, so zero has none.
  private var limbs: [UInt32]

  static let zero = DecimalMagnitude(limbs: [])

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
  }

  init(_ value: UInt64) {
    self.init(
      limbs: [value % Self.base, value / Self.base % Self.base, value / Self.base / Self.base]
        .map(UInt32.init(truncatingIfNeeded:)))
  }

  /// Reads ASCII digits, most significant first.
  init(digits: some BidirectionalCollection<UInt8>) {
    var limbs: [UInt32] = []
    var limb: UInt32 = 0
    var weight: UInt32 = 1
    for digit in digits.reversed() {
      limb += UInt32(digit - ASCII.zero) * weight
      weight *= 10
      if weight == UInt32(Self.base) {
        limbs.append(limb)
        (limb, weight) = (0, 1)
      }
    }
    limbs.append(limb)
    self.init(limbs: limbs)
  }

  var isZero: Bool { limbs.isEmpty }

  /// ASCII digits, most significant first; empty for zero.
  var digits: [UInt8] {
    var reversed: [UInt8] = []
    reversed.reserveCapacity(limbs.count * 9)
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        reversed.append(ASCII.zero + UInt8(rest % 10))
        rest /= 10
      }
    }
    while reversed.last == ASCII.zero { reversed.removeLast() }
    return reversed.reversed()
  }

  /// The value, nil if it does not fit.
  var uint64: UInt64? {
    var value: UInt64 = 0
    for limb in limbs.reversed() {
      let (product, overflow) = value.multipliedReportingOverflow(by: Self.base)
      let (sum, carry) = product.addingReportingOverflow(UInt64(limb))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  func multiplied(by factor: UInt32) -> DecimalMagnitude {
    var result: [UInt32] = []
    result.reserveCapacity(limbs.count + 2)
    var carry: UInt64 = 0
    for limb in limbs {
      let product = UInt64(limb) * UInt64(factor) + carry
      result.append(UInt32(product % Self.base))
      carry = product / Self.base
    }
    while carry > 0 {
      result.append(UInt32(carry % Self.base))
      carry /= Self.base
    }
    return DecimalMagnitude(limbs: result)
  }

  func divided(by divisor: UInt32) -> (quotient: DecimalMagnitude, remainder: UInt32) {
    var result = limbs
    var rest: UInt64 = 0
    for index in limbs.indices.reversed() {
      let part = rest * Self.base + UInt64(limbs[index])
      result[index] = UInt32(part / UInt64(divisor))
      rest = part % UInt64(divisor)
    }
    return (DecimalMagnitude(limbs: result), UInt32(rest))
  }

  /// This times ten to the power of `exponent`; what falls off the end rounds the rest up.
  func shifted(by exponent: Int) -> DecimalMagnitude {
    guard exponent != 0, !isZero else { return self }
    let digits = digits
    if exponent > 0 {
      return DecimalMagnitude(digits: digits + [UInt8](repeating: ASCII.zero, count: exponent))
    }
    let kept = DecimalMagnitude(digits: digits.dropLast(-exponent))
    let isExact = digits.suffix(-exponent).allSatisfy { $0 == ASCII.zero }
    return isExact ? kept : kept + DecimalMagnitude(1)
  }

  static func + (left: DecimalMagnitude, right: DecimalMagnitude) -> DecimalMagnitude {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      let sum = UInt64(left.limb(index)) + UInt64(right.limb(index)) + carry
      result.append(UInt32(sum % base))
      carry = sum / base
    }
    result.append(UInt32(carry))
    return DecimalMagnitude(limbs: result)
  }

  /// The difference, whichever is the greater.
  func distance(to other: DecimalMagnitude) -> DecimalMagnitude {
    let (greater, smaller) = self < other ? (other, self) : (self, other)
    var result: [UInt32] = []
    var borrow: UInt64 = 0
    for index in greater.limbs.indices {
      let subtrahend = UInt64(smaller.limb(index)) + borrow
      let minuend = UInt64(greater.limbs[index])
      borrow = minuend < subtrahend ? 1 : 0
      result.append(UInt32(minuend + borrow * Self.base - subtrahend))
    }
    return DecimalMagnitude(limbs: result)
  }

  private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}

extension DecimalMagnitude: Comparable {
  static func < (left: DecimalMagnitude, right: DecimalMagnitude) -> Bool {
    if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
    return left.limbs.reversed().lexicographicallyPrecedes(right.limbs.reversed())
  }
}
