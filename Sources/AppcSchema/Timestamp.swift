/// A date and time as RFC 3339 writes them (A10): `2014-10-27T19:32:27.67021798Z`.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let seconds: Int64
  /// Nanoseconds after that, 0 to 999,999,999; further digits of a fraction are cut.
  public let nanoseconds: Int32
  /// The distance from UTC that it was written with, in minutes.
  public let offsetMinutes: Int
  /// The date as it was written.
  public let description: String

  /// Reads a date.
  ///
  /// As the reference implementation: "T" and "Z" in upper case, the zone as "Z" or with a colon, a fraction
  /// after "." or ",", no second 60. Throws `invalidValue` otherwise.
  public init(_ text: String) throws(SchemaError) {
    var scanner = Scanner(bytes: Array(text.utf8))
    guard let parts = scanner.date() else {
      throw SchemaError.value(text, of: "date", "it must look like 2014-10-27T19:32:27Z (RFC 3339)")
    }
    let days = Self.daysSince1970(year: parts.year, month: parts.month, day: parts.day)
    let secondOfDay = parts.hour * 3600 + parts.minute * 60 + parts.second
    seconds = Int64(days * 86400 + secondOfDay - parts.offset * 60)
    nanoseconds = Int32(parts.nanoseconds)
    offsetMinutes = parts.offset
    description = text
  }

  /// Whether both are the same moment, written however.
  public func isSameMoment(as other: Timestamp) -> Bool {
    seconds == other.seconds && nanoseconds == other.nanoseconds
  }

  /// Days from 1970-01-01 to a day of the Gregorian calendar; years start in March here, so that a leap day
  /// is the last of its year.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Parts {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    var nanoseconds = 0
    var offset = 0

    var isOfCalendar: Bool {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      return (1...12).contains(month) && (1...lengths[month - 1]).contains(day) && hour < 24 && minute < 60
        && second < 60
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    mutating func date() -> Parts? {
      var parts = Parts()
      guard let year = number(4), take(ASCII.minus), let month = number(2), take(ASCII.minus),
        let day = number(2), take(UInt8(ascii: "T")), let hour = number(2), take(ASCII.colon),
        let minute = number(2), take(ASCII.colon), let second = number(2),
        let nanoseconds = fraction(), let offset = zone(), index == bytes.count
      else { return nil }
      (parts.year, parts.month, parts.day) = (year, month, day)
      (parts.hour, parts.minute, parts.second) = (hour, minute, second)
      (parts.nanoseconds, parts.offset) = (nanoseconds, offset)
      return parts.isOfCalendar ? parts : nil
    }

    private mutating func number(_ digits: Int) -> Int? {
      var value = 0
      for _ in 0..<digits {
        guard index < bytes.count, ASCII.isDigit(bytes[index]) else { return nil }
        value = value * 10 + Int(bytes[index] - ASCII.zero)
        index += 1
      }
      return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    private mutating func fraction() -> Int? {
      guard take(ASCII.dot) || take(ASCII.comma) else { return 0 }
      let start = index
      var value = 0
      var weight = 100_000_000
      while index < bytes.count, ASCII.isDigit(bytes[index]) {
        value += Int(bytes[index] - ASCII.zero) * weight
        weight /= 10
        index += 1
      }
      return index == start ? nil : value
    }

    private mutating func zone() -> Int? {
      if take(UInt8(ascii: "Z")) { return 0 }
      let sign = take(ASCII.plus) ? 1 : take(ASCII.minus) ? -1 : 0
      guard sign != 0, let hours = number(2), take(ASCII.colon), let minutes = number(2), hours < 24,
        minutes < 60
      else { return nil }
      return sign * (hours * 60 + minutes)
    }
  }
}
