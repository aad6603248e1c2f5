extension Timestamp {
  /// The date of a moment, written as RFC 3339 does: `2014-10-27T19:32:27.5Z` (A10).
  ///
  /// - Parameters:
  ///   - seconds: Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  ///   - nanoseconds: Nanoseconds after that, 0 to 999,999,999; written without zeros at the end.
  ///   - offsetMinutes: The distance from UTC to write the date with, in minutes, less than a day; 0 is "Z".
  ///
  /// nil if a number is out of its range, or the year does not have four digits.
  public init?(seconds: Int64, nanoseconds: Int32 = 0, offsetMinutes: Int = 0) {
    guard (0..<1_000_000_000).contains(nanoseconds), (-1439...1439).contains(offsetMinutes),
      case (let local, false) = Int(seconds).addingReportingOverflow(offsetMinutes * 60),
      // The years 0000 to 9999.
      (-62_167_219_200...253_402_300_799).contains(local)
    else { return nil }
    let secondOfDay = (local % 86400 + 86400) % 86400
    let date = Self.date(daysSince1970: (local - secondOfDay) / 86400)
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: width - digits.utf8.count) + digits
    }
    let calendar = "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
    let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { padded($0) }
    var fraction = nanoseconds == 0 ? "" : "." + padded(Int(nanoseconds), 9)
    while fraction.utf8.last == ASCII.zero { fraction.removeLast() }
    let distance = abs(offsetMinutes)
    let zone =
      offsetMinutes == 0
      ? "Z" : "\(offsetMinutes < 0 ? "-" : "+")\(padded(distance / 60)):\(padded(distance % 60))"
    guard let written = try? Timestamp("\(calendar)T\(clock.joined(separator: ":"))\(fraction)\(zone)")
    else { return nil }
    self = written
  }

  /// The day of the Gregorian calendar, found by years that start in March, so that a leap day ends them.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400
    return month < 10 ? (year, month + 3, day) : (year + 1, month - 9, day)
  }
}
