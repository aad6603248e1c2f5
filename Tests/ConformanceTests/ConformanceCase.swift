import AppcSchema

/// One line of a corpus: an input of some type, and what the reference implementation makes of it.
///
/// Two kinds of files exist, whose fields have different names for the same things: cases from the tables of
/// the reference's own tests (`valid`, `canonical`, `oracle_extra`), and probes (`go_accepts`,
/// `go_canonical`, `extra`).
struct ConformanceCase: Sendable {
  /// What the input is: `X/json`, `X/string`, or the name of something that is done with it.
  let type: String
  let input: String
  /// Whether the reference takes the input; nil if the line does not say.
  let isAccepted: Bool?
  /// What the reference writes after reading, if it is known.
  let canonical: String?
  /// Further things the reference finds, by name.
  let expectations: JSONObject
  /// All fields of the line.
  let fields: JSONObject
  /// File and line, for messages.
  let place: String

  /// Why a line is no case.
  struct Malformed: Error {
    var reason: String
  }

  init(line: String, place: String) throws(Malformed) {
    guard let object = LenientJSON(line)?.value.object else {
      throw Malformed(reason: "it is no JSON object")
    }
    guard let type = object["type"]?.string else { throw Malformed(reason: "it has no \"type\"") }
    guard let input = object["input"] else { throw Malformed(reason: "it has no \"input\"") }
    let verdict = object["go_accepts"] ?? object["valid"]
    if let verdict, verdict.bool == nil { throw Malformed(reason: "its verdict is not true or false") }
    let canonical = object["go_canonical"]?.string ?? object["canonical"]?.string
    let expectations = Self.expectations(of: object)
    guard verdict != nil || canonical != nil || !expectations.isEmpty else {
      throw Malformed(reason: "it expects nothing")
    }
    self.type = type
    self.input = input.string ?? input.description
    isAccepted = verdict?.bool
    self.canonical = canonical
    self.expectations = expectations
    fields = object
    self.place = place
  }

  private init(_ original: ConformanceCase, input: String) {
    type = original.type
    self.input = input
    isAccepted = original.isAccepted
    canonical = original.canonical
    expectations = original.expectations
    fields = original.fields
    place = original.place
  }

  /// The same case with another input.
  func with(input: String) -> ConformanceCase { ConformanceCase(self, input: input) }

  /// The members of `expect` and of what was measured besides; a value alone is called "result".
  private static func expectations(of object: JSONObject) -> JSONObject {
    var members: [JSONObject.Member] = []
    for key in ["oracle_extra", "extra", "expect"] {
      guard let value = object[key], !value.isNull else { continue }
      members += value.object.map(Array.init) ?? [JSONObject.Member(key: "result", value: value)]
    }
    return JSONObject(members)
  }

  /// Why the reference refused the input, or could not write what it had read.
  func reason(_ key: String = "go_error") -> String { fields[key]?.string ?? "" }

  /// The input as a document, nil if it is none.
  var document: JSONValue? { LenientJSON(input)?.value }

  /// Whether the input is a document rather than a form of the command line.
  var isJSON: Bool { type.contains("/json") }

  /// The beginning of the input on one line.
  var excerpt: String { String(input.prefix(120)).debugDescription }
}
