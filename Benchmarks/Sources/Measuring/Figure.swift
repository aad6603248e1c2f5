/// Figures of tables, with two decimals.
public enum Figure {
  /// Nanoseconds, in milliseconds.
  public static func milliseconds(_ nanoseconds: Int64) -> String {
    hundredths((nanoseconds + 5000) / 10_000)
  }

  /// Nanoseconds, in microseconds.
  public static func microseconds(_ nanoseconds: Int64) -> String { hundredths((nanoseconds + 5) / 10) }

  /// Bytes, in megabytes of a million bytes, with one decimal.
  public static func megabytes(_ bytes: Int64) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// How many times `base` goes into `value`.
  public static func ratio(_ value: Int64, _ base: Int64) -> String {
    hundredths((value * 100 + base / 2) / max(1, base))
  }

  private static func hundredths(_ value: Int64) -> String {
    let rest = value % 100
    return "\(value / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
  }
}
