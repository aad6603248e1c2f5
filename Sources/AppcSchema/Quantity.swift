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

  /// The family of suffixes it is written with.
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

  /// `value` times ten to the power of `scale`, which is limited to -9...18; `Quantity(500, scale: -3)` is a
  /// half.
  public init(_ value: Int64, scale: Int, format: Format = .decimalSI) {
    self.init(
      nanos: DecimalMagnitude(value.magnitude).shifted(by: min(max(scale, -9), 18) + 9),
      isNegative: value < 0, format: format)
  }

  /// Whether the amount is zero.
  public var isZero: Bool { nanos.isZero }

  /// The amount in whole units; a fraction is rounded away from zero, what does not fit becomes the closest
  /// that does.
  public var value: Int64 { value(scale: 0) }

  /// The amount in thousandths, rounded and limited as `value`.
  public var milliValue: Int64 { value(scale: -3) }

  /// The amount in units of ten to the power of `scale` (-9...18), rounded and limited as `value`.
  public func value(scale: Int) -> Int64 {
    let units = nanos.shifted(by: -(min(max(scale, -9), 18) + 9)).uint64
    if isNegative {
      guard let units, units <= Int64.min.magnitude else { return .min }
      return units == Int64.min.magnitude ? .min : -Int64(units)
    }
    return units.flatMap(Int64.init(exactly:)) ?? .max
  }

  /// The amount rounded away from zero to a multiple of ten to the power of `scale` (-9...18).
  public func roundedUp(scale: Int) -> Quantity {
    let exponent = min(max(scale, -9), 18) + 9
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

  /// The sum, in the format of the first that is not zero.
  public static func + (left: Quantity, right: Quantity) -> Quantity {
    let format = left.isZero ? right.format : left.format
    if left.isNegative == right.isNegative {
      return Quantity(nanos: left.nanos + right.nanos, isNegative: left.isNegative, format: format)
    }
    let isNegative = left.nanos < right.nanos ? right.isNegative : left.isNegative
    return Quantity(nanos: left.nanos.distance(to: right.nanos), isNegative: isNegative, format: format)
  }

  /// The difference, in the format of the first that is not zero.
  public static func - (left: Quantity, right: Quantity) -> Quantity { left + -right }

  /// The amount with the other sign.
  public static prefix func - (quantity: Quantity) -> Quantity {
    Quantity(nanos: quantity.nanos, isNegative: !quantity.isNegative, format: quantity.format)
  }
}
