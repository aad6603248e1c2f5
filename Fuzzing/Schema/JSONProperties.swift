import AppcSchema
import FuzzSupport

/// A document is refused with a place in it, or is UTF-8 and comes back the same however it is written.
func checkJSON(_ bytes: [UInt8]) {
  let value: JSONValue
  do {
    value = try JSONValue.parse(bytes)
  } catch {
    holdMessage(error.description)
    hold(error.position != nil, "an error of the parser says where")
    holdPosition(error.position, in: bytes)
    return
  }
  hold(String(validating: bytes, as: UTF8.self) != nil, "an accepted document is well-formed UTF-8")
  checkWriting(value)
  checkLimits(of: value, bytes)
}

private func checkWriting(_ value: JSONValue) {
  let compact = value.serialized(.compact)
  hold(compact.allSatisfy { $0 >= 0x20 }, "compact JSON holds no control characters")
  hold(compact.elementsEqual(value.description.utf8), "the description is the compact form")
  for written in [compact, value.serialized(.pretty)] {
    let again = accepted { () throws(SchemaError) in try JSONValue.parse(written) }
    guard let again else { return hold(false, "what is written can be read: \(value)") }
    holdEqual(again, value, "what is written reads as what it was")
    hold(again.serialized(.compact) == compact, "what reads the same is written the same")
  }
}

/// A document passes its own measures as limits, and nothing less.
private func checkLimits(of value: JSONValue, _ bytes: [UInt8]) {
  let exact = JSONLimits(bytes: bytes.count, depth: max(value.depth, 1), values: value.count)
  hold((try? JSONValue.parse(bytes, limits: exact)) == value, "limits are inclusive: \(exact)")
  var tighter = [exact, exact, exact]
  tighter[0].bytes -= 1
  tighter[1].values -= 1
  tighter[2].depth -= 1
  for limits in tighter where limits.depth > 0 {
    do {
      _ = try JSONValue.parse(bytes, limits: limits)
      hold(false, "a document beyond a limit is refused: \(limits)")
    } catch {
      hold(error.code == .limitExceeded, "a limit is named as what it is: \(error)")
      holdPosition(error.position, in: bytes)
    }
  }
}

extension JSONValue {
  /// How deep arrays and objects nest in this value.
  fileprivate var depth: Int {
    switch self {
    case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
    case .object(let object): 1 + (object.map(\.value.depth).max() ?? 0)
    default: 0
    }
  }

  /// How many values this one is made of, itself included.
  fileprivate var count: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.count }
    case .object(let object): object.reduce(1) { $0 + $1.value.count }
    default: 1
    }
  }
}

/// A place lies in the document, and its line and column are those of its offset.
func holdPosition(_ position: JSONPosition?, in bytes: [UInt8]) {
  guard let position else { return }
  hold(0...bytes.count ~= position.offset, "a place lies in the document: \(position)")
  let before = bytes[..<position.offset]
  let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
  hold(
    position.line == before.count { $0 == UInt8(ascii: "\n") } + 1
      && position.column == position.offset - lineStart + 1,
    "line and column are those of the offset: \(position)")
}
