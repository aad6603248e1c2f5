/// An amount of a resource, exact to a billionth of its unit (A13): `1.5Gi`, `300m`, `1e6`.
///
/// Two quantities are equal if the amounts are, however they are written: `128974848` equals `123Mi`.
public struct Quantity: Sendable {
  /// The family of suffixes a quantity is written with.
  public enum Format: Hashable, Sendable {
    /// `e3`, `e-3`.
    case decimalExponent
    /// `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`.
    case binarySI
    /// `n`, `u`, `m`, none, `k`, `M`, `G`, `T`, `P`, `E`.
    case decimalSI
  }

  /// The family of suffixes it is written with; has no part in equality.
  public var format: Format
  /// Whether the amount is less than zero.
  public let isNegative: Bool
  /// The amount without sign, in billionths of the unit.
  let nanos: DecimalMagnitude

  init(nanos: DecimalMagnitude, isNegative: Bool, format: Format) {
    self.nanos = nanos
    self.isNegative = isNegative && !nanos.isZero
    self.format = format
  }

  /// A number of whole units.
  public init(_ value: Int64, format: Format = .decimalSI) {
    self.init(value, scale: 0, format: format)
  }

  /// `value` times ten to the power of `scale`, which may be 18 at most; `Quantity(500, scale: -3)` is a half.
  ///
  /// What is finer than a billionth is rounded away from zero.
  public init(_ value: Int64, scale: Int, format: Format = .decimalSI) {
    self.init(
      nanos: DecimalMagnitude(value.magnitude).shifted(by: max(min(scale, 18), -100) + 9),
      isNegative: value < 0,
      format: format)
  }

  /// Whether the amount is zero.
  public var isZero: Bool { nanos.isZero }

  /// The amount in whole units; a fraction is rounded away from zero, what does not fit becomes the closest
  /// that does.
  public var value: Int64 { value(scale: 0) }

  /// The amount in thousandths, rounded and limited as `value`.
  public var milliValue: Int64 { value(scale: -3) }

  /// The amount in units of ten to the power of `scale`, rounded and limited as `value`.
  ///
  /// `value(scale: 3)` of 1500 is 2, `value(scale: -9)` counts billionths.
  public func value(scale: Int) -> Int64 {
    // Beyond these ends every amount is less than one unit, or more than any integer.
    let units = nanos.shifted(by: -(min(max(scale, -100), 1000) + 9)).uint64
    if isNegative {
      guard let units, units <= Int64.min.magnitude else { return .min }
      return units == Int64.min.magnitude ? .min : -Int64(units)
    }
    return units.flatMap(Int64.init(exactly:)) ?? .max
  }

  /// The amount rounded away from zero to a multiple of ten to the power of `scale`, which may be 18 at most.
  ///
  /// `roundedUp(scale: 0)` is whole, `roundedUp(scale: -1)` of 9.01 is 9.1. What is finer than a billionth is
  /// never there to be rounded.
  public func roundedUp(scale: Int) -> Quantity {
    let exponent = max(min(scale, 18), -9) + 9
    return Quantity(
      nanos: nanos.shifted(by: -exponent).shifted(by: exponent), isNegative: isNegative, format: format)
  }
}

extension Quantity: Hashable, Comparable {
  /// Whether both are the same amount.
  public static func == (left: Quantity, right: Quantity) -> Bool {
    left.nanos == right.nanos && left.isNegative == right.isNegative
  }

  /// Hashes the amount.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(nanos)
    hasher.combine(isNegative)
  }

  /// Orders by amount.
  public static func < (left: Quantity, right: Quantity) -> Bool {
    switch (left.isNegative, right.isNegative) {
    case (true, false): true
    case (false, true): false
    case (false, false): left.nanos < right.nanos
    case (true, true): right.nanos < left.nanos
    }
  }
}

extension Quantity: AdditiveArithmetic {
  /// Nothing.
  public static let zero = Quantity(0)

  /// The sum, exact, in the format of the first that is not zero.
  public static func + (left: Quantity, right: Quantity) -> Quantity {
    let format = left.isZero ? right.format : left.format
    if left.isNegative == right.isNegative {
      return Quantity(nanos: left.nanos + right.nanos, isNegative: left.isNegative, format: format)
    }
    let isNegative = left.nanos < right.nanos ? right.isNegative : left.isNegative
    return Quantity(nanos: left.nanos.distance(to: right.nanos), isNegative: isNegative, format: format)
  }

  /// The difference, exact, in the format of the first that is not zero.
  public static func - (left: Quantity, right: Quantity) -> Quantity { left + -right }

  /// The amount with the other sign.
  public static prefix func - (quantity: Quantity) -> Quantity {
    Quantity(nanos: quantity.nanos, isNegative: !quantity.isNegative, format: quantity.format)
  }
}
