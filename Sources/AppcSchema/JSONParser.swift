/// Reads one JSON document, RFC 8259 to the letter.
///
/// A loop with a stack of its own: values wait on one flat stack until the array or object that they belong
/// to closes, which then takes them in a single allocation of the right size. Every access to the bytes is
/// bounds checked.
struct JSONParser {
  /// What is wrong with the document, and where.
  struct Fault: Error {
    var offset: Int
    var message: String
    var code: SchemaError.Code = .malformedJSON
  }

  /// An array or object that is still open.
  private struct Frame {
    var isObject: Bool
    var start: Int
    var firstValue: Int
    var firstKey: Int
  }

  let limits: JSONLimits
  var offset = 0
  /// Unescaped bytes of the string at hand, kept to be used again.
  var scratch: [UInt8] = []
  private var frames: [Frame] = []
  private var values: [JSONValue] = []
  private var keys: [String] = []
  private var keyOffsets: [Int] = []
  private var valueCount = 0

  init(limits: JSONLimits) {
    self.limits = limits
  }

  /// Reads the whole input as one value with white space around it.
  mutating func document(_ input: borrowing Span<UInt8>) throws(Fault) -> JSONValue {
    guard input.count <= limits.bytes else {
      throw Fault(
        offset: limits.bytes, message: "the document has \(input.count) bytes, more than \(limits.bytes)",
        code: .limitExceeded)
    }
    try refuseOtherEncodings(input)
    skipWhiteSpace(input)
    let root = try value(input)
    skipWhiteSpace(input)
    guard offset == input.count else {
      throw fault("unexpected \(shown(input)) after the end of the document")
    }
    return root
  }

  private mutating func value(_ input: borrowing Span<UInt8>) throws(Fault) -> JSONValue {
    while true {
      guard var finished = try scalarOrOpening(input) else { continue }
      while true {
        guard let frame = frames.last else { return finished }
        values.append(finished)
        skipWhiteSpace(input)
        guard let closed = try separatorOrClosing(frame, input) else { break }
        finished = closed
      }
    }
  }

  /// Reads a scalar or an empty container and returns it, or opens a container with something in it and
  /// returns nil: its first value comes next.
  private mutating func scalarOrOpening(_ input: borrowing Span<UInt8>) throws(Fault) -> JSONValue? {
    valueCount += 1
    guard valueCount <= limits.values else {
      throw fault("more than \(limits.values) values", .limitExceeded)
    }
    guard offset < input.count else { throw fault("the document ends where a value should be") }
    switch input[offset] {
    case ASCII.quote: return .string(try string(input))
    case ASCII.openBrace: return try open(input, isObject: true)
    case ASCII.openBracket: return try open(input, isObject: false)
    case ASCII.minus, ASCII.zero...ASCII.nine: return .number(try number(input))
    case UInt8(ascii: "t"): return try literal("true", .bool(true), input)
    case UInt8(ascii: "f"): return try literal("false", .bool(false), input)
    case UInt8(ascii: "n"): return try literal("null", .null, input)
    default: throw fault("unexpected \(shown(input)) where a value should be")
    }
  }

  private mutating func open(_ input: borrowing Span<UInt8>, isObject: Bool) throws(Fault) -> JSONValue? {
    let allowed = min(max(limits.depth, 1), JSONLimits.maximumDepth)
    guard frames.count < allowed else {
      throw fault("arrays and objects nest deeper than \(allowed)", .limitExceeded)
    }
    let start = offset
    offset += 1
    skipWhiteSpace(input)
    if offset < input.count, input[offset] == (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
      offset += 1
      return isObject ? .object(JSONObject()) : .array([])
    }
    frames.append(
      Frame(isObject: isObject, start: start, firstValue: values.count, firstKey: keys.count))
    if isObject { try key(input) }
    return nil
  }

  /// After a value in a container: takes the comma (and the next key) and returns nil, or closes the
  /// container and returns it.
  private mutating func separatorOrClosing(
    _ frame: Frame, _ input: borrowing Span<UInt8>
  ) throws(Fault) -> JSONValue? {
    let closing = frame.isObject ? ASCII.closeBrace : ASCII.closeBracket
    guard offset < input.count else {
      let start = JSONPosition(offset: frame.start, in: input)
      throw fault(
        "the document ends inside the \(frame.isObject ? "object" : "array") of line \(start.line)")
    }
    if input[offset] == ASCII.comma {
      let comma = offset
      offset += 1
      skipWhiteSpace(input)
      guard offset >= input.count || input[offset] != closing else {
        throw Fault(offset: comma, message: "a comma after the last element; remove it")
      }
      if frame.isObject { try key(input) }
      return nil
    }
    guard input[offset] == closing else {
      throw fault("unexpected \(shown(input)) where \",\" or \"\(frame.isObject ? "}" : "]")\" should be")
    }
    offset += 1
    return frame.isObject ? try closeObject(frame) : closeArray(frame)
  }

  private mutating func closeArray(_ frame: Frame) -> JSONValue {
    frames.removeLast()
    let elements = Array(values[frame.firstValue...])
    values.removeSubrange(frame.firstValue...)
    return .array(elements)
  }

  private mutating func closeObject(_ frame: Frame) throws(Fault) -> JSONValue {
    frames.removeLast()
    let ownKeys = keys[frame.firstKey...]
    if let duplicate = JSONObject.firstDuplicate(in: ownKeys) {
      throw Fault(
        offset: keyOffsets[duplicate],
        message: "the object of this key has it twice: \(quoted(keys[duplicate]))")
    }
    let members = zip(ownKeys, values[frame.firstValue...]).map(JSONObject.Member.init(key:value:))
    keys.removeSubrange(frame.firstKey...)
    keyOffsets.removeSubrange(frame.firstKey...)
    values.removeSubrange(frame.firstValue...)
    return .object(JSONObject(distinctMembers: members))
  }

  private mutating func key(_ input: borrowing Span<UInt8>) throws(Fault) {
    guard offset < input.count, input[offset] == ASCII.quote else {
      throw fault("unexpected \(shown(input)) where a key in quotation marks should be")
    }
    keyOffsets.append(offset)
    keys.append(try string(input))
    skipWhiteSpace(input)
    guard offset < input.count, input[offset] == ASCII.colon else {
      throw fault("unexpected \(shown(input)) where \":\" should be")
    }
    offset += 1
    skipWhiteSpace(input)
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue, _ input: borrowing Span<UInt8>
  ) throws(Fault) -> JSONValue {
    let length = word.utf8CodeUnitCount
    guard input.count - offset >= length else { throw fault("unexpected \(shown(input))") }
    for index in 0..<length where input[offset + index] != word.utf8Start[index] {
      throw fault("unexpected \(shown(input)) where a value should be")
    }
    offset += length
    return value
  }

  mutating func skipWhiteSpace(_ input: borrowing Span<UInt8>) {
    while offset < input.count {
      switch input[offset] {
      case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: offset += 1
      default: return
      }
    }
  }

  /// RFC 8259 section 8.1: UTF-8 only.
  ///
  /// A byte order mark or UTF-16 would be read by some and not by others.
  private func refuseOtherEncodings(_ input: borrowing Span<UInt8>) throws(Fault) {
    if input.count >= 3, input[0] == 0xEF, input[1] == 0xBB, input[2] == 0xBF {
      throw Fault(offset: 0, message: "the document starts with a byte order mark; remove it")
    }
    guard input.count >= 2 else { return }
    let isWide = input[0] == 0 || (input[1] == 0 && input[0] != ASCII.quote)
    if isWide || (input[0] >= 0xFE && input[1] >= 0xFE) {
      throw Fault(offset: 0, message: "the document is not UTF-8")
    }
  }

  func fault(_ message: String, _ code: SchemaError.Code = .malformedJSON) -> Fault {
    Fault(offset: offset, message: message, code: code)
  }

  /// The byte at hand, for a message.
  func shown(_ input: borrowing Span<UInt8>) -> String {
    guard offset < input.count else { return "end of the document" }
    return "\"" + printable(CollectionOfOne(input[offset])) + "\""
  }
}
