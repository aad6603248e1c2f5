import AppcSchema

/// `--format`: how a program would have the output.
enum OutputFormat: String {
  case json
  case indented = "json-pretty"

  /// What `--format` was given, nil for nothing.
  static func parse(_ text: String?) throws -> OutputFormat? {
    guard let text else { return nil }
    guard let format = OutputFormat(rawValue: text) else {
      throw CommandError("--format: there is no \"\(printable(text.utf8))\"; use json or json-pretty")
    }
    return format
  }

  /// Writes a value to standard output.
  func write(_ value: JSONValue) {
    Console.write(value.serialized(self == .json ? .compact : .pretty) + [UInt8(ascii: "\n")])
  }
}
