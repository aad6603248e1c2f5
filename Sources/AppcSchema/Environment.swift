/// The environment of an app: variables in order, no two of one name (E6).
public struct Environment: Hashable, Sendable, RandomAccessCollection {
  /// One variable.
  public struct Variable: Hashable, Sendable {
    /// The name: letters, digits, "_", "." and "-", not starting with a digit, "." or "-".
    public let name: String
    /// The value, any text without NUL.
    ///
    /// Not expanded. Compared by bytes.
    @Bytewise public var value: String
    var origin = OriginBox.none

    /// Creates a variable; throws `invalidValue` if the name is none, or there is a NUL in the value.
    public init(name: String, value: String) throws(SchemaError) {
      if let problem = Self.problem(ofName: name) {
        throw SchemaError.value(name, of: "environment variable", problem)
      }
      guard !value.utf8.contains(0) else {
        throw SchemaError.value(name, of: "environment variable", "its value holds a NUL character")
      }
      self.name = name
      self.value = value
    }
  }

  private var variables: [Variable]

  /// No variables.
  public init() {
    variables = []
  }

  /// Takes variables in order; throws `invalidValue` if two have one name.
  public init(_ variables: [Variable]) throws(SchemaError) {
    var seen = Set<ByteKey>(minimumCapacity: variables.count)
    for variable in variables where !seen.insert(ByteKey(variable.name)).inserted {
      throw SchemaError.value(variable.name, of: "environment variable", "another one has this name")
    }
    self.variables = variables
  }

  /// The position of the first variable.
  public var startIndex: Int { variables.startIndex }
  /// The position after the last variable.
  public var endIndex: Int { variables.endIndex }
  /// The variable at a position.
  public subscript(position: Int) -> Variable { variables[position] }

  /// The value of a variable, nil if there is none of this name.
  public subscript(name: String) -> String? {
    variables.first { $0.name.hasSameBytes(as: name) }?.value
  }

  /// Sets a variable, in place if there is one of this name, at the end otherwise; removes it with nil.
  ///
  /// Throws `invalidValue` if the name is none, or there is a NUL in the value.
  public mutating func set(_ name: String, to value: String?) throws(SchemaError) {
    let index = variables.firstIndex { $0.name.hasSameBytes(as: name) }
    guard let value else {
      if let index { variables.remove(at: index) }
      return
    }
    let variable = try Variable(name: name, value: value)
    if let index { variables[index].value = value } else { variables.append(variable) }
  }
}

extension Environment.Variable: SchemaObject {
  /// What is wrong with a name (E6), nil if nothing.
  ///
  /// The specification speaks of letters, digits and "_"; "." and "-" came with 0.8.11.
  static func problem(ofName name: String) -> String? {
    guard let first = name.utf8.first else { return "the name must not be empty" }
    func isLetter(_ byte: UInt8) -> Bool {
      ASCII.isLowerLetter(byte) || ASCII.isUpperLetter(byte) || byte == ASCII.underscore
    }
    let rest = name.utf8.dropFirst()
    let isValid =
      isLetter(first)
      && rest.allSatisfy {
        isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.dot || $0 == ASCII.minus
      }
    return isValid
      ? nil : "only letters, digits, \"_\", \".\" and \"-\" are allowed, the first a letter or \"_\""
  }

  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard let pair = reader.namedText(node, "E6"), let name = reader.string(pair.name, "E6")
    else { return nil }
    self.init(name, pair.text, at: node, &reader)
    origin = pair.origin
  }

  fileprivate init?(_ name: String, _ text: String, at node: JSONNode, _ reader: inout SchemaReader) {
    if let problem = Self.problem(ofName: name) {
      reader.error("E6", at: node, "environment variable \(quoted(name)): \(problem)")
      return nil
    }
    self.name = name
    self.value = text
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue { namedTextJSON(name, value, origin) }
}

extension Environment {
  /// The member "environment" of an app.
  init(_ fields: inout ObjectFields, _ reader: inout SchemaReader) {
    if let node = reader.optional(&fields, "environment") {
      self.init(node, &reader)
    } else {
      self.init()
    }
  }

  /// 0.1.1 wrote the environment as an object of strings.
  init(_ node: JSONNode, _ reader: inout SchemaReader) {
    let read =
      reader.isLegacyObject(node)
      ? reader.legacyTexts(node, "E6") { Variable($0, $1, at: $2, &$3) }
      : reader.list(node, "E6") { Variable($0, &$1) }
    variables = read
    reader.unique(read, key: \.name) { $0.error("E6", at: node, "two variables are called \"\($1)\"") }
  }
}
