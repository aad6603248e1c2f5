import AppcSchema
import Glibc

/// Files of `NAME=VALUE` lines; blank lines and lines that start with `#` or `;` are passed over.
enum EnvironmentFile {
  /// The most that is read, in bytes.
  static let limit = 1 << 20

  static func read(_ path: String) throws -> [Environment.Variable] {
    guard let file = fopen(path, "re") else {
      throw CommandError("--set-env-file \(printable(path.utf8)): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard count <= limit else {
      throw CommandError("--set-env-file \(printable(path.utf8)): it is larger than 1 MiB")
    }
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      throw CommandError("--set-env-file \(printable(path.utf8)): it is not valid UTF-8")
    }
    return try parse(text)
  }

  static func parse(_ text: String) throws -> [Environment.Variable] {
    try text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { return nil }
      return try OptionText.variable(String(Substring(line)), "set-env-file")
    }
  }
}
