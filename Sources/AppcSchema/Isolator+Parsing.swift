extension Isolator {
  /// Reads the command-line form (E14): `NAME,ITEM,ITEM`, or `NAME=JSON` for any isolator, or the JSON object.
  ///
  /// Items by name:
  /// - `resource/cpu`, `resource/memory`: `request=QUANTITY`, `limit=QUANTITY`
  /// - `resource/block-bandwidth`, `resource/block-iops`, `resource/network-bandwidth`: `limit=QUANTITY`; the
  ///   `default=true` that they need is implied
  /// - `os/linux/no-new-privileges`: `true` or `false`
  /// - `os/linux/oom-score-adj`, `os/linux/cpu-shares`: a number
  /// - `os/linux/capabilities-retain-set`, `os/linux/capabilities-remove-set`: names of capabilities
  /// - `os/linux/seccomp-retain-set`, `os/linux/seccomp-remove-set`: names, and `errno=NAME`
  /// - `os/linux/selinux-context`: `user=`, `role=`, `type=`, `level=`
  /// - `os/linux/apparmor-profile`: `profile=`
  /// - `os/unix/sysctl`: `PARAMETER=VALUE`
  ///
  /// A value with a comma in it is written as a JSON string: `level="s0:c1,c2"`. Throws `invalidValue`, also if
  /// the value breaks a rule of its isolator (J4 to J18).
  public init(parsing text: String) throws(SchemaError) {
    var scanner = try IsolatorScanner(text, isList: false)
    self = try Self.read(&scanner)
    guard scanner.isAtEnd else { throw scanner.refusal("something follows after the JSON") }
  }

  /// Reads several command-line forms with colons between them; none from an empty text.
  ///
  /// A colon inside JSON, or inside a value in quotation marks, is part of it. Throws `invalidValue`.
  public static func list(parsing text: String) throws(SchemaError) -> [Isolator] {
    var scanner = try IsolatorScanner(text, isList: true)
    guard !scanner.isAtEnd else { return [] }
    var isolators = [try read(&scanner)]
    while !scanner.isAtEnd {
      try scanner.separator()
      isolators.append(try read(&scanner))
    }
    return isolators
  }

  private static func read(_ scanner: inout IsolatorScanner) throws(SchemaError) -> Isolator {
    switch try scanner.isolator() {
    case .object(let json):
      do {
        return try Isolator(json: json, mode: .tolerant)
      } catch {
        throw scanner.refusal(error.firstProblem)
      }
    case .json(let name, let value): return try checked(name, value, scanner)
    case .items(let name, let items):
      guard let grammar = IsolatorGrammar(of: name) else {
        throw scanner.refusal("\(name) is not of the specification; write its value in JSON: \(name)=...")
      }
      let value: JSONValue
      do {
        value = try grammar.value(of: items)
      } catch {
        throw scanner.refusal("\(name): \(error.message)")
      }
      return try checked(name, value, scanner)
    }
  }

  /// The isolator if its value follows the rules of its name.
  private static func checked(
    _ name: ACIdentifier, _ value: JSONValue, _ scanner: IsolatorScanner
  ) throws(SchemaError) -> Isolator {
    let isolator = Isolator(name: name, value: value)
    if isolator.content != nil { return isolator }
    do {
      // Read once more, for the reason.
      return try Isolator(json: isolator.json, mode: .tolerant)
    } catch {
      throw scanner.refusal("\(name): \(error.firstProblem)")
    }
  }
}

extension Isolator: CustomStringConvertible {
  /// The command-line form, with items if they can say the value, else with JSON.
  ///
  /// Reading it gives the isolator back, alone as well as in a list, if its value follows the rules of its
  /// name.
  public var description: String {
    if let items = IsolatorGrammar(of: name)?.items(of: value), !items.isEmpty {
      let text = ([name.text] + items.map(\.text)).joined(separator: ",")
      if let isolator = try? Isolator(parsing: text), isolator == self { return text }
    }
    // What a document knew beyond name and value can only stand in the object.
    return self == Isolator(name: name, value: value) ? "\(name)=\(value.printable)" : json.printable
  }

  /// Several isolators in the command-line form that `list(parsing:)` reads.
  public static func text(of isolators: [Isolator]) -> String {
    isolators.map(\.description).joined(separator: ":")
  }
}

extension IsolatorScanner.Item {
  /// The item as it is written, in quotation marks where it must be.
  var text: String {
    switch self {
    case .word(let word): Self.written(word, separators: [ASCII.comma, ASCII.colon, ASCII.equals])
    case .pair(let key, let value):
      Self.written(key, separators: [ASCII.comma, ASCII.colon, ASCII.equals]) + "="
        + Self.written(value, separators: [ASCII.comma, ASCII.colon])
    }
  }

  private static func written(_ text: String, separators: [UInt8]) -> String {
    let isPlain =
      text.isPrintable && text.utf8.first != ASCII.quote && !text.utf8.contains(where: separators.contains)
    return isPlain ? text : JSONValue.string(text).printable
  }
}
