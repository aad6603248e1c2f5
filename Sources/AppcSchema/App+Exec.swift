extension App {
  /// Reads a command with its arguments: words with single spaces between them, or a JSON list of texts.
  ///
  /// The words are those of the reference implementation's `--exec`: nothing is quoted or unescaped, and two
  /// spaces have an empty word between them. A text that starts with `["`, or is `[]`, is JSON. Throws
  /// `invalidValue`; the empty text is no command.
  public static func exec(parsing text: String) throws(SchemaError) -> [String] {
    func refusal(_ detail: String) -> SchemaError { .value(text, of: "command", detail) }
    if text.utf8.isEmpty { throw refusal("it must not be empty") }
    if text.utf8.contains(0) { throw refusal("it holds a NUL character") }
    guard text.utf8.starts(with: "[\"".utf8) || text.hasSameBytes(as: "[]") else {
      return text.utf8.split(separator: ASCII.space, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
    let elements: [JSONValue]
    do {
      elements = try JSONValue.parse(text).array ?? []
    } catch {
      throw error.asInvalidValue
    }
    var words: [String] = []
    for element in elements {
      guard let word = element.string, !word.utf8.contains(0) else {
        throw refusal("each element must be a string without a NUL character")
      }
      words.append(word)
    }
    return words
  }

  /// The form that `exec(parsing:)` reads back as these words: plain words if that can say them, JSON
  /// otherwise.
  public static func text(ofExec words: [String]) -> String {
    let plain = words.joined(separator: " ")
    if plain.isPrintable, let read = try? exec(parsing: plain), read.hasSameBytes(as: words) { return plain }
    return JSONValue.array(words.map(JSONValue.string)).printable
  }
}

extension EventHandler: ShortForm, CustomStringConvertible {
  /// Reads the command-line form (E4): `pre-start=COMMAND` or `post-stop=COMMAND`, or the JSON object.
  ///
  /// The command as `App.exec(parsing:)` reads it. Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    let parts = try NameValueText(text, type: "event handler")
    guard let event = [Event.preStart, .postStop].first(where: { $0.rawValue.hasSameBytes(as: parts.name) })
    else {
      throw SchemaError.value(
        text, of: "event handler", "it must start with \"pre-start=\" or \"post-stop=\"")
    }
    self.init(name: event, exec: try App.exec(parsing: parts.value))
  }

  var shortForm: String { "\(name.rawValue)=\(App.text(ofExec: exec))" }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
