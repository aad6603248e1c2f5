@testable import AppcSchema

extension SeededGenerator {
  /// A text that is valid wherever any text is, and awkward.
  ///
  /// Characters that are equal but not the same bytes, that JSON escapes, that end lines or turn them around;
  /// now and then a long one. Never a NUL.
  mutating func text() -> String {
    switch Int.random(in: 0..<100, using: &self) {
    case 0..<5: return ""
    case 5: return String(repeating: piece(), count: number(80...2000))
    default:
      var text = ""
      for _ in 0..<Int.random(in: 1...6, using: &self) { text += piece() }
      return text
    }
  }

  private mutating func piece() -> String {
    switch Int.random(in: 0..<4, using: &self) {
    case 0:
      pick(
        "K", "\u{212A}", "é", "e\u{301}", "\u{301}", "각", "\u{1100}\u{1161}\u{11A8}", "\u{FEFF}",
        "\u{10FFFF}", "😀")
    case 1:
      pick("\"", "\\", "\\u0041", "/", "\u{1}", "\u{1F}", "\u{7F}", "\n", "\r\n", "\t", "\u{8}", "\u{C}")
    case 2:
      pick("\u{2028}", "\u{202E}", "\u{85}", "{", "}", "[", "]", ",", ":", "=", " ", "%2c", "$HOME", "'")
    default: word()
    }
  }

  /// `[a-z0-9]+`.
  mutating func word() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<Int.random(in: 1...8, using: &self)).map { _ in pick(letters[0], letters[1...]) })
  }

  private mutating func pick(_ first: Character, _ others: ArraySlice<Character>) -> Character {
    others.randomElement(using: &self) ?? first
  }

  /// A text that is not empty.
  mutating func someText() -> String { word() + text() }

  mutating func path() -> String { "/" + text() }

  mutating func identifier() throws -> ACIdentifier {
    var text = word()
    for _ in 0..<Int.random(in: 0...4, using: &self) { text += pick("-", ".", "_", "~", "/") + word() }
    return try ACIdentifier(text)
  }

  mutating func name() throws -> ACName {
    try ACName(list(upTo: 3) { $0.word() }.reduce(word()) { $0 + "-" + $1 })
  }

  mutating func imageID() throws -> ImageID {
    try ImageID("sha512-" + (0..<16).map { _ in hexadecimal() }.joined().prefix(128))
  }

  private mutating func hexadecimal() -> String {
    let digits = String(next(), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// A version that means what it says today: from 0.7 on a plain number of processors is one of cores.
  mutating func version() throws -> SemanticVersion {
    try SemanticVersion(pick("0.8.11", "0.8.11", "0.8.11+git", "0.8.10", "0.8.0-rc.1", "0.7.4", "0.7.0"))
  }

  /// Binary amounts up to 2^63-1: they are read no further (A15).
  mutating func quantity() -> Quantity {
    if chance(30) { return Quantity(number(0...Int64.max), format: .binarySI) }
    return Quantity(number(0...Int64.max), scale: number(-9...9), format: pick(.decimalSI, .decimalExponent))
  }

  /// Keys of a user's own, no two of the same bytes.
  mutating func userTexts() -> [UserText] {
    distinct(by: { Array($0.key.utf8) }) { UserText(key: $0.text(), value: $0.text()) }
  }

  mutating func labels() throws -> Labels {
    var labels = try distinct(by: \.name) { generator in
      Label(name: try generator.identifier(), value: generator.text())
    }
    labels.removeAll { ["name", "os", "arch"].contains($0.name) }
    if chance(30) { labels.append(Label(name: "os", value: "linux")) }
    if chance(30) { labels.insert(Label(name: "arch", value: "amd64"), at: 0) }
    return try Labels(labels)
  }

  mutating func annotations() throws -> Annotations {
    var annotations = try distinct(by: \.name) { generator in
      Annotation(name: try generator.identifier(), value: generator.text())
    }
    annotations.removeAll { ["created", "homepage", "documentation"].contains($0.name) }
    if chance(30) { annotations.append(Annotation(name: "created", value: "2014-10-27T19:32:27.67021798Z")) }
    if chance(30) { annotations.append(Annotation(name: "homepage", value: "HTTPS://e\u{301}xample.com/")) }
    return try Annotations(annotations)
  }
}
