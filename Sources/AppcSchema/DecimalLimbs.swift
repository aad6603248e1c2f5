/// A whole number of any size that is not negative, in limbs of nine decimal digits.
///
/// What `DecimalMagnitude` becomes beyond the integers of the machine: seldom, and only as large as the digits
/// of quantities, which are limited when they are read.
struct DecimalLimbs: Hashable, Sendable {
  private static let base: UInt64 = 1_000_000_000

  /// Least significant first; no zero at the end, so zero has none.
  private var limbs: [UInt32]

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
  }

  init(_ value: UInt128) {
    var limbs: [UInt32] = []
    var rest = value
    while rest > 0 {
      limbs.append(UInt32(rest % UInt128(Self.base)))
      rest /= UInt128(Self.base)
    }
    self.init(limbs: limbs)
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
  var word: DecimalMagnitude.Word? {
    var value: UInt128 = 0
    for limb in limbs.reversed() {
      let (product, overflow) = value.multipliedReportingOverflow(by: UInt128(Self.base))
      let (sum, carry) = product.addingReportingOverflow(UInt128(limb))
      if overflow || carry { return nil }
      value = sum
    }
    return DecimalMagnitude.Word(value)
  }

  func multiplied(by factor: UInt32) -> DecimalLimbs {
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
    return DecimalLimbs(limbs: result)
  }

  func divided(by divisor: UInt32) -> (quotient: DecimalLimbs, remainder: UInt32) {
    var result = limbs
    var rest: UInt64 = 0
    for index in limbs.indices.reversed() {
      let part = rest * Self.base + UInt64(limbs[index])
      result[index] = UInt32(part / UInt64(divisor))
      rest = part % UInt64(divisor)
    }
    return (DecimalLimbs(limbs: result), UInt32(rest))
  }

  /// This times ten to the power of `exponent`; what falls off the end rounds the rest up.
  func shifted(by exponent: Int) -> DecimalLimbs {
    let digits = digits
    if exponent >= 0 {
      return DecimalLimbs(digits: digits + [UInt8](repeating: ASCII.zero, count: exponent))
    }
    // The magnitude, since the negative of the smallest integer does not exist.
    let dropped = Int(clamping: exponent.magnitude)
    let kept = DecimalLimbs(digits: digits.dropLast(dropped))
    let isExact = digits.suffix(dropped).allSatisfy { $0 == ASCII.zero }
    return isExact ? kept : kept + DecimalLimbs(1)
  }

  static func + (left: DecimalLimbs, right: DecimalLimbs) -> DecimalLimbs {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.limbs.count, right.limbs.count) {
      let sum = UInt64(left.limb(index)) + UInt64(right.limb(index)) + carry
      result.append(UInt32(sum % base))
      carry = sum / base
    }
    result.append(UInt32(carry))
    return DecimalLimbs(limbs: result)
  }

  /// The difference to a number that is not greater.
  func minus(_ smaller: DecimalLimbs) -> DecimalLimbs {
    var result: [UInt32] = []
    var borrow: UInt64 = 0
    for index in limbs.indices {
      let subtrahend = UInt64(smaller.limb(index)) + borrow
      let minuend = UInt64(limbs[index])
      borrow = minuend < subtrahend ? 1 : 0
      result.append(UInt32(minuend + borrow * Self.base - subtrahend))
    }
    return DecimalLimbs(limbs: result)
  }

  private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}

extension DecimalLimbs: Comparable {
  static func < (left: DecimalLimbs, right: DecimalLimbs) -> Bool {
    if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
    return left.limbs.reversed().lexicographicallyPrecedes(right.limbs.reversed())
  }
}
