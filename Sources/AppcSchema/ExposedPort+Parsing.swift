extension ExposedPort: ShortForm, CustomStringConvertible {
  /// Reads the command-line form, which is rkt's: `NAME:[IP:]PORT`, or the JSON object.
  ///
  /// An IPv6 address stands in brackets: `http:[::1]:8080`. The port of the pod (`podPort`) can only be said
  /// in JSON. Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    func refusal(_ detail: String) -> SchemaError { .value(text, of: "exposed port", detail) }
    guard let first = text.utf8.firstIndex(of: ASCII.colon),
      let last = text.utf8.lastIndex(of: ASCII.colon)
    else { throw refusal("it must have the form NAME:[IP:]PORT") }
    let name = try ACName(String(decoding: text.utf8[..<first], as: UTF8.self), mode: .tolerant)
    let digits = String(decoding: text.utf8[text.utf8.index(after: last)...], as: UTF8.self)
    guard digits.utf8.allSatisfy(ASCII.isDigit), let port = UInt16(digits), port > 0 else {
      throw refusal("the port must be a number from 1 to 65535, not \(quoted(digits))")
    }
    var address: String?
    if first < last {
      let written = String(decoding: text.utf8[text.utf8.index(after: first)..<last], as: UTF8.self)
      guard let unwrapped = Self.address(written) else {
        throw refusal("\(quoted(written)) is no IPv4 address, and no IPv6 address in brackets")
      }
      address = unwrapped
    }
    self.init(name: name, hostPort: port, hostIP: address)
  }

  private static func address(_ text: String) -> String? {
    if IPAddressGrammar.isIPv4(text) { return text }
    guard text.utf8.first == ASCII.openBracket, text.utf8.last == ASCII.closeBracket else { return nil }
    let inner = String(decoding: text.utf8.dropFirst().dropLast(), as: UTF8.self)
    return IPAddressGrammar.isIPv6(inner) ? inner : nil
  }

  var shortForm: String {
    guard let hostIP else { return "\(name):\(hostPort)" }
    return hostIP.utf8.contains(ASCII.colon)
      ? "\(name):[\(hostIP)]:\(hostPort)" : "\(name):\(hostIP):\(hostPort)"
  }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
