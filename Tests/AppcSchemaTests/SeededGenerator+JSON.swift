@testable import AppcSchema

extension SeededGenerator {
  /// A tree of at most `depth` levels, with awkward texts, numbers and keys.
  mutating func json(depth: Int = 4) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
    case 0: .null
    case 1: .bool(chance(50))
    case 2: .number(jsonNumber())
    case 3, 4: .string(text())
    case 5, 6:
      .object(JSONObject(list { JSONObject.Member(key: $0.text(), value: $0.json(depth: depth - 1)) }))
    default: .array(list(upTo: 6) { $0.json(depth: depth - 1) })
    }
  }

  private mutating func jsonNumber() -> JSONNumber {
    let text = pick(
      "0", "-0", "1", "-1", "1.0", "1e0", "1E+2", "-0.0e-0", "18446744073709551616", "1e99999",
      "0.1000000000000000055511151231257827", "-9223372036854775808")
    return JSONNumber(text) ?? JSONNumber(number(Int64.min...Int64.max))
  }

  /// A tree that comes through coders of `Double` numbers and keys that are Swift strings.
  mutating func plainJSON(depth: Int = 3) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
    case 0: .null
    case 1: .bool(chance(50))
    case 2: chance(50) ? .integer(number(Int64.min...Int64.max)) : .integer(number(0...UInt64.max))
    case 3, 4: .string(text())
    case 5, 6:
      .object(JSONObject(list { JSONObject.Member(key: $0.word(), value: $0.plainJSON(depth: depth - 1)) }))
    default: .array(list { $0.plainJSON(depth: depth - 1) })
    }
  }
}
