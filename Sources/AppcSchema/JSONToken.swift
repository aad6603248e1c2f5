/// A value of a document, or the key of a member: what it is and where it stands.
///
/// The tokens of a document stand in its order, those of a container right after the container's own; in an
/// object each key is followed by its value.
struct JSONToken: Sendable {
  enum Kind: UInt8, Sendable {
    case null
    case yes
    case no
    case number
    /// A string without escapes: its bytes are its text.
    case plainString
    /// A string with at least one escape.
    case escapedString
    case array
    case object
  }

  var kind: Kind
  /// Where the first byte is: the quotation mark of a string, the bracket of a container.
  var start: UInt32
  /// Where the byte after the last one is.
  var end: UInt32
  /// The position of the token after this one and everything inside it.
  var next: UInt32

  var isContainer: Bool { kind == .array || kind == .object }

  /// The bytes, quotation marks and brackets included.
  var range: Range<Int> { Int(start)..<Int(end) }

  /// The bytes between the quotation marks of a string.
  var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }

  /// What the value is, for messages: "a string", "an array", ...
  var kindName: String {
    switch kind {
    case .null: "null"
    case .yes, .no: "true or false"
    case .number: "a number"
    case .plainString, .escapedString: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
