import AppcSchema
import FuzzSupport

/// Versions, one a line: each comes back from its text, and together they have one order.
func checkVersions(_ text: String) {
  let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
  let versions = lines.compactMap { line in
    accepted { () throws(SchemaError) in try SemanticVersion(line, mode: .tolerant) }
  }
  for line in lines {
    guard let strict = try? SemanticVersion(line) else { continue }
    hold(strict.description == line, "a version is written as it is: \(line)")
    hold((try? SemanticVersion(line, mode: .tolerant)) == strict, "both modes read the same: \(line)")
  }
  for version in versions {
    let again = try? SemanticVersion(version.description, mode: .tolerant)
    hold(again == version, "a version reads as itself: \(version)")
    for other in versions {
      let relations = [version < other, version == other, version > other]
      hold(relations.count { $0 } == 1, "one is less, or they are equal: \(version), \(other)")
    }
  }
  let sorted = versions.sorted()
  if sorted.count == 3 { hold(sorted[0] <= sorted[2], "order is transitive: \(sorted)") }
}

/// Dates: the text is kept, and the moment is the one that the calendar says.
func checkTimestamp(_ text: String) {
  guard let date = accepted({ () throws(SchemaError) in try Timestamp(text) }) else { return }
  hold(date.description.hasSameBytes(as: text), "a date is kept as it was written: \(text)")
  hold(0..<1_000_000_000 ~= date.nanoseconds, "a fraction is less than a second: \(text)")
  let local = Int(date.seconds) + date.offsetMinutes * 60
  hold(text.hasPrefix(calendarText(ofSecond: local)), "\(text) is \(calendarText(ofSecond: local))")
}

/// The date and time of a second since 1970, found by counting years and months: slow, but not as `Timestamp`
/// counts.
private func calendarText(ofSecond second: Int) -> String {
  func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
  // 0000-01-01 is 719,528 days before 1970-01-01.
  var days = (second >= 0 ? second : second - 86399) / 86400 + 719_528
  let rest = second - (days - 719_528) * 86400
  var year = 0
  while days >= (isLeap(year) ? 366 : 365) {
    days -= isLeap(year) ? 366 : 365
    year += 1
  }
  var month = 0
  let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  while days >= lengths[month] {
    days -= lengths[month]
    month += 1
  }
  let date = [digits(year, 4), digits(month + 1, 2), digits(days + 1, 2)].joined(separator: "-")
  let time = [digits(rest / 3600, 2), digits(rest / 60 % 60, 2), digits(rest % 60, 2)].joined(separator: ":")
  return date + "T" + time
}

/// UUIDs: any spelling is one of a single UUID, whose own spelling is strict.
func checkUUID(_ text: String) {
  guard let uuid = accepted({ () throws(SchemaError) in try PodUUID(text) }) else { return }
  hold((try? PodUUID(uuid.description, mode: .strict)) == uuid, "the canonical form is strict: \(uuid)")
  let digits = text.lowercased().filter { $0 != "-" }
  hold(uuid.description.filter { $0 != "-" } == digits, "the digits are those of the text: \(text)")
  hold(uuid.description.hasPrefix(uuid.short), "the short form is the beginning: \(uuid)")
}

/// Image IDs and their prefixes: the text is the value, so no two texts are one ID.
func checkImageID(_ text: String) {
  let prefix = accepted { () throws(SchemaError) in try ImageIDPrefix(text) }
  let id = accepted { () throws(SchemaError) in try ImageID(text) }
  if let prefix { hold(prefix.description == text, "a prefix is written as it is: \(text)") }
  guard let id else { return }
  hold(id.description == text && prefix?.matches(id) == true, "an ID is a prefix of itself: \(text)")
  hold(ImageID(digest: id.digest) == id && id.digest.count == 64, "an ID is its digest: \(text)")
}

/// AC identifiers and AC names: text that follows a grammar is kept, any other can be made to follow it.
func checkNames(_ text: String) {
  checkName(text, ACIdentifier.init(_:mode:), ACIdentifier.sanitized, \.text)
  checkName(text, ACName.init(_:mode:), ACName.sanitized, \.text)
}

private func checkName<Name: Hashable>(
  _ text: String, _ read: (String, ReadingMode) throws(SchemaError) -> Name,
  _ sanitize: (String) throws(SchemaError) -> Name, _ textOf: (Name) -> String
) {
  let tolerant = accepted { () throws(SchemaError) in try read(text, .tolerant) }
  if let strict = accepted({ () throws(SchemaError) in try read(text, .strict) }) {
    hold(strict == tolerant, "both modes read the same name: \(text)")
  }
  if let tolerant { hold(textOf(tolerant).hasSameBytes(as: text), "a name is kept: \(text)") }
  guard let made = accepted({ () throws(SchemaError) in try sanitize(text) }) else {
    return hold(tolerant == nil, "something is left of a name: \(text)")
  }
  hold(tolerant == nil || made == tolerant, "a name needs no sanitising: \(text)")
  hold((try? sanitize(textOf(made))) == made, "what is sanitised stays: \(text)")
}
