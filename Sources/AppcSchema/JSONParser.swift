/// Reads one JSON document, RFC 8259 to the letter, into tokens.
///
/// A loop with a stack of its own: no nesting of the input nests calls. Every access to the bytes is bounds
/// checked. Nothing is made of a value but its token, so what a document costs does not depend on what it
/// holds.
struct JSONParser {
  /// What is wrong with the document, and where.
  struct Fault: Error {
    var offset: Int
    var message: String
    var code: SchemaError.Code = .malformedJSON
  }

  let limits: JSONLimits
  var offset = 0
  private(set) var tokens: [JSONToken] = []
  /// The tokens of the arrays and objects that are still open.
  private var open: [Int] = []
  private var valueCount = 0

  init(limits: JSONLimits) {
    self.limits = limits
  }

  /// Reads the whole input as one value with white space around it.
  mutating func document(_ input: borrowing Span<UInt8>) throws(Fault) {
    // Tokens count bytes in 32 bits.
    let allowed = min(limits.bytes, Int(UInt32.max))
    guard input.count <= allowed else {
      throw Fault(
        offset: allowed, message: "the document has \(input.count) bytes, more than \(allowed)",
        code: .limitExceeded)
    }
    try refuseOtherEncodings(input)
    tokens.reserveCapacity(min(input.count / 6, 4096))
    open.reserveCapacity(16)
    skipWhiteSpace(input)
    try value(input)
    skipWhiteSpace(input)
    guard offset == input.count else {
      throw fault("unexpected \(shown(input)) after the end of the document")
    }
  }

  private mutating func value(_ input: borrowing Span<UInt8>) throws(Fault) {
    while true {
      guard try scalarOrOpening(input) else { continue }
      // A value is complete: what follows it, and which containers end with it.
      while true {
        guard let container = open.last else { return }
        skipWhiteSpace(input)
        guard try separatorOrClosing(container, input) else { break }
      }
    }
  }

  /// Reads a scalar or an empty container and returns true, or opens a container with something in it and
  /// returns false: its first value comes next.
  @inline(__always)
  private mutating func scalarOrOpening(_ input: borrowing Span<UInt8>) throws(Fault) -> Bool {
    valueCount += 1
    guard valueCount <= limits.values else {
      throw fault("more than \(limits.values) values", .limitExceeded)
    }
    guard offset < input.count else { throw fault("the document ends where a value should be") }
    switch input[offset] {
    case ASCII.quote: try string(input)
    case ASCII.openBrace: return try open(.object, closing: ASCII.closeBrace, input)
    case ASCII.openBracket: return try open(.array, closing: ASCII.closeBracket, input)
    case ASCII.minus, ASCII.zero...ASCII.nine: try number(input)
    case UInt8(ascii: "t"): try literal("true", .yes, input)
    case UInt8(ascii: "f"): try literal("false", .no, input)
    case UInt8(ascii: "n"): try literal("null", .null, input)
    default: throw fault("unexpected \(shown(input)) where a value should be")
    }
    return true
  }

  private mutating func open(
    _ kind: JSONToken.Kind, closing: UInt8, _ input: borrowing Span<UInt8>
  ) throws(Fault) -> Bool {
    let allowed = min(max(limits.depth, 1), JSONLimits.maximumDepth)
    guard open.count < allowed else {
      throw fault("arrays and objects nest deeper than \(allowed)", .limitExceeded)
    }
    let start = offset
    offset += 1
    skipWhiteSpace(input)
    let isEmpty = offset < input.count && input[offset] == closing
    if isEmpty { offset += 1 }
    append(kind, from: start)
    if isEmpty { return true }
    open.append(tokens.count - 1)
    if kind == .object { try key(input) }
    return false
  }

  /// After a value in a container: takes the comma (and the next key) and returns false, or closes the
  /// container and returns true.
  @inline(__always)
  private mutating func separatorOrClosing(
    _ container: Int, _ input: borrowing Span<UInt8>
  ) throws(Fault) -> Bool {
    let isObject = tokens[container].kind == .object
    let closing = isObject ? ASCII.closeBrace : ASCII.closeBracket
    guard offset < input.count else {
      let start = JSONPosition(offset: Int(tokens[container].start), in: input)
      throw fault("the document ends inside the \(isObject ? "object" : "array") of line \(start.line)")
    }
    if input[offset] == ASCII.comma {
      let comma = offset
      offset += 1
      skipWhiteSpace(input)
      guard offset >= input.count || input[offset] != closing else {
        throw Fault(offset: comma, message: "a comma after the last element; remove it")
      }
      if isObject { try key(input) }
      return false
    }
    guard input[offset] == closing else {
      throw fault("unexpected \(shown(input)) where \",\" or \"\(isObject ? "}" : "]")\" should be")
    }
    offset += 1
    open.removeLast()
    tokens[container].end = UInt32(offset)
    tokens[container].next = UInt32(tokens.count)
    if isObject { try refuseDuplicates(in: container, input) }
    return true
  }

  @inline(__always)
  private mutating func key(_ input: borrowing Span<UInt8>) throws(Fault) {
    guard offset < input.count, input[offset] == ASCII.quote else {
      throw fault("unexpected \(shown(input)) where a key in quotation marks should be")
    }
    try string(input)
    skipWhiteSpace(input)
    guard offset < input.count, input[offset] == ASCII.colon else {
      throw fault("unexpected \(shown(input)) where \":\" should be")
    }
    offset += 1
    skipWhiteSpace(input)
  }

  private mutating func literal(
    _ word: StaticString, _ kind: JSONToken.Kind, _ input: borrowing Span<UInt8>
  ) throws(Fault) {
    let length = word.utf8CodeUnitCount
    guard input.count - offset >= length else { throw fault("unexpected \(shown(input))") }
    for index in 0..<length where input[offset + index] != word.utf8Start[index] {
      throw fault("unexpected \(shown(input)) where a value should be")
    }
    offset += length
    append(kind, from: offset - length)
  }

  /// Takes what was read from `start` to `offset` as a value.
  @inline(__always)
  mutating func append(_ kind: JSONToken.Kind, from start: Int) {
    tokens.append(
      JSONToken(
        kind: kind, start: UInt32(start), end: UInt32(offset), next: UInt32(tokens.count + 1)))
  }

  @inline(__always)
  private mutating func skipWhiteSpace(_ input: borrowing Span<UInt8>) {
    var index = offset
    while index < input.count {
      let byte = input[index]
      guard byte <= ASCII.space else { break }
      guard byte == ASCII.space || byte == ASCII.lineFeed || byte == ASCII.carriageReturn || byte == ASCII.tab
      else { break }
      index += 1
    }
    offset = index
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
