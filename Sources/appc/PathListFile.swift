import AppcSchema
import Glibc

/// Files of one path a line; blank lines and lines that start with `#` are passed over.
enum PathListFile {
  /// The most that is read, in bytes: as much as a manifest may have.
  static let limit = 8 << 20

  /// The paths in a file; `-` is standard input.
  static func read(_ name: String) throws -> [String] {
    let file = name == "-" ? fdopen(dup(0), "r") : fopen(name, "re")
    guard let file else { throw CommandError("\(printable(name.utf8)): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw CommandError("\(printable(name.utf8)): it cannot be read") }
    guard count <= limit else { throw CommandError("\(printable(name.utf8)): it is larger than 8 MiB") }
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      throw CommandError("\(printable(name.utf8)): it is not valid UTF-8")
    }
    return paths(in: text)
  }

  static func paths(in text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"))
      .filter { $0.first != UInt8(ascii: "#") }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
