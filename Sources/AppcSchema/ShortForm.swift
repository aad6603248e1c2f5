/// A value that people write in a form shorter than JSON (E14).
///
/// What the short form cannot say is said in JSON. That is never ambiguous: JSON's objects start with a brace,
/// which no short form does.
protocol ShortForm: Equatable {
  /// Reads the short form.
  init(shortForm text: String) throws(SchemaError)
  /// Reads JSON in the place of the short form.
  init(jsonForm value: JSONValue) throws(SchemaError)
  /// The short form; may say something else, or nothing at all, when the value cannot be said so.
  var shortForm: String { get }
  /// The JSON in the place of the short form.
  var jsonForm: JSONValue { get }
}

extension ShortForm {
  /// Reads either form.
  static func read(_ text: String) throws(SchemaError) -> Self {
    guard text.utf8.first == ASCII.openBrace else { return try Self(shortForm: text) }
    do {
      return try Self(jsonForm: JSONValue.parse(text))
    } catch {
      throw error.asInvalidValue
    }
  }

  /// The short form if it is safe to show and says this value and no other, JSON otherwise.
  ///
  /// A path that holds `,readOnly=true` must not come out as a parameter: whether the form says the value is
  /// found out by reading it.
  var shortestForm: String {
    let short = shortForm
    if short.isPrintable, let value = try? Self.read(short), value == self { return short }
    return jsonForm.printable
  }
}

extension ShortForm where Self: SchemaValue {
  init(jsonForm value: JSONValue) throws(SchemaError) { try self.init(json: value, mode: .tolerant) }
  var jsonForm: JSONValue { json }
}

extension SchemaError {
  /// The error with the code of all that is wrong with a value that somebody wrote on a command line.
  var asInvalidValue: SchemaError {
    var error = self
    error.code = .invalidValue
    return error
  }

  /// The first error that was found, without its place: what a short form stands for is no document that
  /// anybody wrote.
  var firstProblem: String {
    guard let error = diagnostics.first(where: { $0.severity == .error }) else { return detail }
    return "\(error.message) (\(error.rule))"
  }
}
