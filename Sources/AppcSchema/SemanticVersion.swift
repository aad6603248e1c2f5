/// A version as Semantic Versioning 2.0.0 defines it (A6).
public struct SemanticVersion: Hashable, Sendable, CustomStringConvertible {
  /// The major number.
  public var major: Int
  /// The minor number.
  public var minor: Int
  /// The patch number.
  public var patch: Int
  /// What follows "-", without it; empty for a release.
  ///
  /// ASCII.
  public let preRelease: String
  /// What follows "+", without it; empty if there is none.
  ///
  /// ASCII, without meaning for precedence.
  public let build: String

  /// The version of the specification that this library writes.
  public static var current: SemanticVersion { SemanticVersion(0, 8, 11) }

  /// A release.
  public init(_ major: Int, _ minor: Int, _ patch: Int) {
    self.major = major
    self.minor = minor
    self.patch = patch
    preRelease = ""
    build = ""
  }

  /// Reads a version.
  ///
  /// Strict: Semantic Versioning to the letter. Tolerant, as the reference implementation: leading zeros, and
  /// empty or odd identifiers after "-" and "+".
  public init(_ text: String, mode: ReadingMode = .strict) throws(SchemaError) {
    if let release = withBytes(of: text, Self.release) {
      self = release
      return
    }
    func refusal(_ detail: String) -> SchemaError { .value(text, of: "version", detail) }
    guard text.utf8.allSatisfy({ $0 > ASCII.space && $0 < 0x7F }) else {
      throw refusal("it must have the form 1.2.3")
    }
    let (numbered, build) = Self.split(text[...], at: ASCII.plus)
    let (core, preRelease) = Self.split(numbered, at: ASCII.minus)
    var numbers: [Int] = []
    for part in core.split(separator: ".", omittingEmptySubsequences: false) {
      guard !part.isEmpty, part.utf8.allSatisfy(ASCII.isDigit), let number = Int(part) else {
        throw refusal("it must have the form 1.2.3")
      }
      if mode == .strict, part.utf8.count > 1, part.utf8.first == ASCII.zero {
        throw refusal("a number starts with 0")
      }
      numbers.append(number)
    }
    guard numbers.count == 3 else { throw refusal("it must have the form 1.2.3") }
    if mode == .strict {
      if let preRelease, !Self.areIdentifiers(preRelease, leadingZeros: false) {
        throw refusal("what follows \"-\" is not a list of identifiers")
      }
      if let build, !Self.areIdentifiers(build, leadingZeros: true) {
        throw refusal("what follows \"+\" is not a list of identifiers")
      }
    }
    (major, minor, patch) = (numbers[0], numbers[1], numbers[2])
    self.preRelease = String(preRelease ?? "")
    self.build = String(build ?? "")
  }

  /// The version if it is what nearly all are, three small numbers: nothing is allocated for it.
  private static func release(_ bytes: UnsafeBufferPointer<UInt8>) -> SemanticVersion? {
    var numbers = (0, 0, 0)
    var index = 0
    for part in 0..<3 {
      var number = 0
      let start = index
      while index < bytes.count, index - start < 9, ASCII.isDigit(bytes[index]) {
        number = number * 10 + Int(bytes[index] - ASCII.zero)
        index += 1
      }
      guard index > start, bytes[start] != ASCII.zero || index - start == 1 else { return nil }
      numbers = (numbers.1, numbers.2, number)
      if part == 2 { break }
      guard index < bytes.count, bytes[index] == ASCII.dot else { return nil }
      index += 1
    }
    return index == bytes.count ? SemanticVersion(numbers.0, numbers.1, numbers.2) : nil
  }

  /// "1.2.3", "1.2.3-rc.1+git".
  public var description: String {
    "\(major).\(minor).\(patch)" + (preRelease.isEmpty ? "" : "-" + preRelease)
      + (build.isEmpty ? "" : "+" + build)
  }

  /// Whether this is 0.0.0 and nothing else, which counts as no version at all.
  var isZero: Bool { self == SemanticVersion(0, 0, 0) }

  private static func split(_ text: Substring, at byte: UInt8) -> (Substring, Substring?) {
    guard let index = text.utf8.firstIndex(of: byte) else { return (text, nil) }
    return (text[..<index], text[text.utf8.index(after: index)...])
  }

  private static func areIdentifiers(_ text: Substring, leadingZeros: Bool) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      let isNumber = part.utf8.allSatisfy(ASCII.isDigit)
      let isWord = part.utf8.allSatisfy {
        ASCII.isDigit($0) || ASCII.isLowerLetter($0) || ASCII.isUpperLetter($0) || $0 == ASCII.minus
      }
      let hasLeadingZero = isNumber && part.utf8.count > 1 && part.utf8.first == ASCII.zero
      return !part.isEmpty && isWord && (leadingZeros || !hasLeadingZero)
    }
  }
}

extension SemanticVersion: Comparable {
  /// Orders by precedence, and versions of equal precedence by their build texts.
  public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
    if left.major != right.major { return left.major < right.major }
    if left.minor != right.minor { return left.minor < right.minor }
    if left.patch != right.patch { return left.patch < right.patch }
    if left.preRelease != right.preRelease { return preReleasePrecedes(left.preRelease, right.preRelease) }
    return precedesInBytes(left.build, right.build)
  }

  /// Section 11 of Semantic Versioning, for two texts that differ.
  private static func preReleasePrecedes(_ left: String, _ right: String) -> Bool {
    if left.isEmpty || right.isEmpty { return !left.isEmpty }
    let mine = left.split(separator: ".", omittingEmptySubsequences: false)
    let theirs = right.split(separator: ".", omittingEmptySubsequences: false)
    for (first, second) in zip(mine, theirs) where first != second {
      return identifierPrecedes(first, second)
    }
    return mine.count < theirs.count
  }

  private static func identifierPrecedes(_ left: Substring, _ right: Substring) -> Bool {
    let leftIsNumber = left.utf8.allSatisfy(ASCII.isDigit)
    let rightIsNumber = right.utf8.allSatisfy(ASCII.isDigit)
    if leftIsNumber != rightIsNumber { return leftIsNumber }
    // Numbers of any length: the longer one is the greater.
    if leftIsNumber {
      let (mine, theirs) = (left.drop { $0 == "0" }, right.drop { $0 == "0" })
      if mine.utf8.count != theirs.utf8.count { return mine.utf8.count < theirs.utf8.count }
      if mine != theirs { return mine.utf8.lexicographicallyPrecedes(theirs.utf8) }
      // Tolerant reading lets numbers start with zeros: the same number twice still needs an order.
      return left.utf8.count < right.utf8.count
    }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
