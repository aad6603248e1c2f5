public import AppcSchema

/// A document that is large in one way only, made to cost its reader as much memory as it can.
public struct HostileDocument: Sendable {
  /// What is large.
  public let name: String
  private let prefix: String
  /// What is repeated until the document is as large as wanted.
  private let repeated: String
  private let suffix: String
  /// How many values one repetition holds.
  private let values: Int
  /// How many bytes of text (strings, keys, numbers, as written) one repetition holds.
  private let text: Int

  /// The document with `count` bytes: what is left when no whole repetition fits is white space.
  ///
  /// The digits "0000000" in what is repeated count the repetitions.
  public func bytes(count: Int) -> [UInt8] {
    var unit = Array(repeated.utf8)
    let places = Self.counter(in: unit)
    var output: [UInt8] = []
    output.reserveCapacity(count)
    output += prefix.utf8
    let end = count - suffix.utf8.count
    while end - output.count >= unit.count {
      output += unit
      for place in places.reversed() {
        unit[place] = unit[place] == UInt8(ascii: "9") ? UInt8(ascii: "0") : unit[place] + 1
        if unit[place] != UInt8(ascii: "0") { break }
      }
    }
    output += [UInt8](repeating: UInt8(ascii: " "), count: end - output.count)
    output += suffix.utf8
    return output
  }

  /// Where the counter stands, empty if there is none.
  private static func counter(in unit: [UInt8]) -> Range<Int> {
    let places = unit.indices.filter { unit[$0] == UInt8(ascii: "0") }
    guard places.count == 7, let first = places.first else { return 0..<0 }
    return first..<first + 7
  }

  /// What reading the document may take besides its bytes under `limits`, in bytes.
  ///
  /// `JSONLimits` promises some 64 bytes for each value besides the text itself; a mebibyte is for everything
  /// that does not grow.
  public func allowance(count: Int, _ limits: JSONLimits) -> Int {
    guard count <= limits.bytes else { return Self.constant }
    let repetitions = count / repeated.utf8.count
    let taken = values == 0 ? repetitions : min(repetitions, limits.values / values)
    return Self.constant + taken * (64 * values + text)
  }

  /// What is allowed whatever the size of the document.
  private static let constant = 1 << 20
}

extension HostileDocument {
  /// One of each kind.
  public static let all = [
    HostileDocument(name: "white space", prefix: "", repeated: " ", suffix: "{}", values: 0, text: 0),
    HostileDocument(name: "open brackets", prefix: "", repeated: "[", suffix: "", values: 0, text: 0),
    HostileDocument(name: "many numbers", prefix: "[0", repeated: ",0", suffix: "]", values: 1, text: 1),
    HostileDocument(
      name: "many empty lists", prefix: "[[]", repeated: ",[]", suffix: "]", values: 1, text: 0),
    HostileDocument(
      name: "many nested lists", prefix: "[[[0]]", repeated: ",[[0]]", suffix: "]", values: 3, text: 1),
    HostileDocument(
      name: "long string", prefix: header + #""name":""#, repeated: "A", suffix: #""}"#, values: 0, text: 1),
    HostileDocument(
      name: "long string of escapes", prefix: header + #""name":""#, repeated: #"\u0041"#, suffix: #""}"#,
      values: 0, text: 6),
    HostileDocument(
      name: "enormous number",
      prefix: header + #""name":"a","dependencies":[{"imageName":"a","size":1"#, repeated: "0", suffix: "}]}",
      values: 0, text: 1),
    HostileDocument(
      name: "many keys", prefix: "{", repeated: #""0000000":1,"#, suffix: #""last":1}"#, values: 1, text: 8),
    HostileDocument(
      name: "many times one key", prefix: "{", repeated: #""a":1,"#, suffix: #""last":1}"#, values: 1, text: 2
    ),
    HostileDocument(
      name: "many faults", prefix: header + #""name":"a","labels":[0"#, repeated: ",0", suffix: "]}",
      values: 1, text: 1),
  ]

  private static let header = #"{"acKind":"ImageManifest","acVersion":"0.8.11","#
}
