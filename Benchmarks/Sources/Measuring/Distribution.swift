/// How often measured values lie, by their quantiles.
public struct Distribution: Sendable {
  private let sorted: [Int64]

  /// Takes values in any order.
  public init(_ values: [Int64]) {
    sorted = values.sorted()
  }

  /// The least value; 0 if there is none.
  public var least: Int64 { sorted.first ?? 0 }
  /// The value that half of all are not above.
  public var median: Int64 { quantile(50) }
  /// The value that nine tenths of all are not above.
  public var slow: Int64 { quantile(90) }

  /// The smallest value that `percent` of all are not above.
  private func quantile(_ percent: Int) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
  }
}
