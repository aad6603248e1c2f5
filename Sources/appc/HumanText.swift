import Glibc

/// Sizes and times as people read them.
enum HumanText {
  /// A size in bytes with a binary unit: `512B`, `1.5MiB`, `203MiB`.
  static func size(_ bytes: Int64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    let hasFraction = unit > 0 && tenths < 100 && tenths % 10 != 0
    return (hasFraction ? "\(tenths / 10).\(tenths % 10)" : "\((tenths + 5) / 10)") + units[unit]
  }

  /// How long ago a time was: `now`, `5 seconds ago`, `2 weeks ago`.
  static func ago(_ seconds: Int64, now: Int64) -> String {
    let age = now - seconds
    let units: [(Int64, String)] = [
      (365 * 86400, "year"), (30 * 86400, "month"), (7 * 86400, "week"), (86400, "day"), (3600, "hour"),
      (60, "minute"), (1, "second"),
    ]
    for (length, name) in units where age >= length {
      let count = age / length
      return "\(count) \(name)\(count == 1 ? "" : "s") ago"
    }
    return "now"
  }

  /// A local time with its zone: `2026-11-21 09:30:00 +0000 UTC`.
  static func date(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return "\(seconds)" }
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S %z %Z", &parts)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A duration as Go writes it: `30m`, `1h30m`, `250ms`, `0`.
  static func seconds(parsing text: String) -> Int64? {
    if text == "0" { return 0 }
    let units: [(String, Double)] = [("ms", 0.001), ("h", 3600), ("m", 60), ("s", 1)]
    var rest = text[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let value = Double(number) else { return nil }
      rest = rest.dropFirst(number.count)
      guard let unit = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
      rest = rest.dropFirst(unit.0.count)
      total += value * unit.1
    }
    return total < 1e15 ? Int64(total.rounded(.up)) : nil
  }

  /// A length of time as a clock shows it: `0:05`, `12:34`, `1:02:03`.
  static func clock(_ seconds: Int64) -> String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(seconds % 60)
  }

  /// A number of bytes as people write it: `4096`, `512K`, `10GiB`, `1.5G`; the units are powers of 1024.
  static func bytes(parsing text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = text.dropFirst(digits.count)[...]
    guard let number = Double(digits), digits.first != ".", digits.last != "." else { return nil }
    if unit.hasSuffix("iB") { unit = unit.dropLast(2) } else if unit.hasSuffix("i") { unit = unit.dropLast() }
    if unit.isEmpty { return text == digits ? Int64(digits) : nil }
    guard let power = ["K", "M", "G", "T", "P"].firstIndex(of: unit) else { return nil }
    let value = number * Double(sign: .plus, exponent: 10 * (power + 1), significand: 1)
    return value < 0x1p63 ? Int64(value.rounded(.up)) : nil
  }
}
