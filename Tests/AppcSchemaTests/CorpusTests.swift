import Testing

@testable import AppcSchema

/// Every case of the corpus that this target answers for.
///
/// Cases of other targets (rendering, discovery) are theirs.
@Suite("The reference implementation's cases")
struct CorpusTests {
  @Test(
    "tolerant reading takes what the reference takes and refuses what it refuses, but for the listed differences"
  )
  func acceptance() {
    var checked = 0
    for test in CorpusCase.all {
      guard let outcome = test.outcome() else { continue }
      checked += 1
      switch outcome {
      case .accepted where !test.isAccepted:
        #expect(DeliberateDifference.rule(for: test) != nil, "accepted: \(test)")
      case .refused(let why) where test.isAccepted:
        #expect(DeliberateDifference.rule(for: test) != nil, "refused: \(test): \(why)")
      default: break
      }
    }
    #expect(checked > 1000)
  }

  @Test(
    "what is read is written as the reference writes it, but for order, empty lists and the listed differences"
  )
  func canonicalForms() throws {
    for test in CorpusCase.all {
      guard test.isAccepted, let canonical = test.canonical, case .accepted(let form)? = test.outcome(),
        canonical != form, DeliberateDifference.rule(for: test) == nil
      else { continue }
      guard let theirs = try? JSONValue.parse(canonical), let ours = try? JSONValue.parse(form) else {
        Issue.record("\(test): \(canonical) but \(form)")
        continue
      }
      #expect(ours.normalized == theirs.normalized, "\(test)")
    }
  }

  @Test("strict reading refuses whatever tolerant reading refuses")
  func strictIsStricter() {
    for test in CorpusCase.all {
      guard case .refused? = test.outcome(.tolerant) else { continue }
      if case .accepted(let form)? = test.outcome(.strict) { Issue.record("\(test): \(form)") }
    }
  }

  @Test("what tolerant reading has read and written is read again as the same")
  func canonicalFormsAreStable() {
    for test in CorpusCase.all where test.type.hasSuffix("Manifest/json") {
      guard case .accepted(let form)? = test.outcome() else { continue }
      let again = CorpusCase(type: test.type, input: form)
      guard case .accepted(let second)? = again.outcome() else {
        Issue.record("\(test)")
        continue
      }
      #expect(second == form)
    }
  }

  @Test("A13, A15: quantities have the reference's exact value, and round as it does")
  func quantities() throws {
    for test in CorpusCase.all where test.type == "Quantity/string" && test.isAccepted {
      let quantity = try Quantity(test.input)
      if let expect = test.members["expect"], let number = expect["num"]?.string,
        let base = expect["den"]?.string
      {
        let magnitude = DecimalMagnitude(digits: number.utf8.drop { $0 == UInt8(ascii: "-") })
        // A reduced fraction of billionths: its denominator is at most a billion.
        let denominator = try #require(UInt32(base))
        #expect(quantity.nanos.multiplied(by: denominator) == magnitude.shifted(by: 9), "\(test)")
        #expect(quantity.isNegative == number.hasPrefix("-"), "\(test)")
      }
      guard let extra = test.members["oracle_extra"] ?? test.members["extra"] else { continue }
      // Where the reference overflows we stop at the end of the range, and it rounds some negative amounts to
      // 1 (A15).
      if quantity.isNegative { continue }
      if let value = extra["value_roundup"]?.number?.integer(as: Int64.self),
        quantity.value != .max, quantity.value != .min
      {
        #expect(quantity.value == value, "\(test)")
      }
      if let value = extra["milli_roundup"]?.number?.integer(as: Int64.self),
        quantity.milliValue != .max, quantity.milliValue != .min
      {
        #expect(quantity.milliValue == value, "\(test)")
      }
    }
  }

  @Test("A16: arithmetic and comparison of quantities")
  func quantityArithmetic() throws {
    for test in CorpusCase.all {
      guard ["Quantity.add", "Quantity.sub", "Quantity.cmp"].contains(test.type) else { continue }
      guard let pair = try JSONValue.parse(test.input).array, let left = pair.first?.string,
        let right = pair.last?.string
      else { continue }
      let (first, second) = (try Quantity(left), try Quantity(right))
      if test.type == "Quantity.cmp" {
        let order = first == second ? 0 : first < second ? -1 : 1
        #expect(test.members["expect"]?.number?.integer() == order, "\(test)")
      } else if let expected = test.members["expect"]?.string {
        #expect(
          (test.type == "Quantity.add" ? first + second : first - second) == (try Quantity(expected)),
          "\(test)")
      }
    }
  }
}

/// Where we differ from the reference on purpose.
struct DeliberateDifference: Sendable {
  var rule: String
  var reason: String
  var applies: @Sendable (CorpusCase) -> Bool

  static func rule(for test: CorpusCase) -> String? { all.first { $0.applies(test) }?.rule }

  static let all: [DeliberateDifference] = [
    DeliberateDifference(rule: "A8", reason: "an image ID has 128 lower-case hexadecimal digits") {
      $0.type == "Hash/json"
    },
    DeliberateDifference(rule: "A10", reason: "a date keeps its fraction and zone") {
      $0.type == "Date/json"
    },
    DeliberateDifference(rule: "A11", reason: "a URL is kept as it was written") { $0.type == "URL/json" },
    DeliberateDifference(rule: "A13", reason: "K is taken for k") { $0.input.contains("1K") },
    DeliberateDifference(
      rule: "A16", reason: "canonical forms have no plus, no E, no bare point, the largest suffix"
    ) {
      guard $0.type == "Quantity/string", let theirs = $0.canonical, let quantity = try? Quantity($0.input)
      else {
        return false
      }
      return (try? Quantity(theirs)) == quantity && (try? Quantity(quantity.description)) == quantity
    },
    DeliberateDifference(rule: "A17", reason: "keys count by their exact bytes") {
      $0.input.contains("\"User\":\"0\"") || $0.input.contains("\"ACKIND\"")
    },
    DeliberateDifference(rule: "A17", reason: "unknown members are kept") {
      $0.input.contains("\"foo\": 1}") || $0.input.contains("\"uuid\"")
    },
    DeliberateDifference(rule: "A12", reason: "an isolator without a name cannot be written again") {
      $0.input == "{\"value\":1}"
    },
    DeliberateDifference(rule: "E3", reason: "a group is not negative") { $0.input.contains("[-1]") },
    DeliberateDifference(rule: "E7", reason: "unknown isolators are kept") {
      $0.type == "App/json" && $0.input.contains("foo/")
    },
    DeliberateDifference(rule: "E11", reason: "a port without a name cannot be written again") {
      $0.type == "Port/json" && !$0.input.contains("name")
    },
    DeliberateDifference(rule: "E14", reason: "a port's protocol is tcp, its count 1 unless given") {
      $0.type == "Port/string" && $0.input == "a,port=80"
    },
    DeliberateDifference(rule: "K5", reason: "a mode is octal, an owner not negative") {
      $0.input.contains("\"uid\":-1") || $0.input.hasSuffix("mode=") || $0.input.contains("\"rwx\"")
    },
    DeliberateDifference(rule: "L3", reason: "an app of a pod has a name") {
      $0.type == "PodManifest/json" && $0.members["encode_error"] != nil && $0.input.contains("[{\"image\"")
    },
    DeliberateDifference(rule: "L13", reason: "a port is at most 65535") { $0.input.contains("70000") },
    DeliberateDifference(rule: "V", reason: "earlier versions are read") { test in
      ["\"app\":\"a\"", "\"app\": \"a\"", "supplementaryGroups", "\"val\"", "\"mountPoint\"", "memory/limit"]
        .contains {
          test.input.contains($0)
        } || test.input.contains("\"environment\":{") || test.input == "{\"authors\":\"x\"}"
        || test.members["note"]?.string?.hasPrefix("v0.") ?? false
    },
  ]
}

extension JSONValue {
  /// Without what says nothing: empty members, spelt-out defaults, the order of members.
  fileprivate var normalized: JSONValue {
    switch self {
    case .null: return []
    case .array(let elements): return .array(elements.map(\.normalized))
    case .object(let object):
      let kept = object.map { JSONObject.Member(key: $0.key, value: $0.value.normalized) }
        .filter { !$0.value.isEmpty && Self.defaults[$0.key] != $0.value }
        .sorted { $0.key < $1.key }
      return .object(JSONObject(kept))
    default: return self
    }
  }

  private static let defaults: [String: JSONValue] = [
    "count": 1, "socketActivated": false, "readOnly": false, "mode": "0755", "uid": 0, "gid": 0,
    "default": false,
  ]

  private var isEmpty: Bool {
    switch self {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let object): object.isEmpty
    default: false
    }
  }
}
