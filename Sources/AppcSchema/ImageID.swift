/// The identity of an image: the SHA-512 of its uncompressed tar (A8, C1).
///
/// Always `sha512-` and 128 lower-case hexadecimal digits. Shorter texts are prefixes (`ImageIDPrefix`) and
/// only mean something to who looks them up; anything else is refused, so an ID may be used as a file name.
public struct ImageID: Hashable, Sendable {
  /// The 128 lower-case hexadecimal digits.
  public let hex: String

  /// "sha512-".
  static let scheme = "sha512-"

  /// Reads `sha512-` and 128 lower-case hexadecimal digits; throws `invalidValue` for anything else.
  public init(_ text: String) throws(SchemaError) {
    let digits = try ImageIDPrefix.digits(of: text, type: "image ID")
    guard digits.utf8.count == 128 else {
      throw SchemaError.value(
        text, of: "image ID", "it has \(digits.utf8.count) hexadecimal digits, and must have 128")
    }
    hex = digits
  }

  /// The ID of a SHA-512 digest; nil unless there are 64 bytes.
  public init?(digest: some Collection<UInt8>) {
    guard digest.count == 64 else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(128)
    for byte in digest {
      digits.append(ASCII.hexadecimalDigit(byte >> 4))
      digits.append(ASCII.hexadecimalDigit(byte))
    }
    hex = String(decoding: digits, as: UTF8.self)
  }

  /// The 64 bytes of the digest.
  public var digest: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    var high: UInt8?
    for digit in hex.utf8 {
      let value = ASCII.hexadecimalValue(digit) ?? 0
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  /// `sha512-` and the first 12 digits: what lists of images show.
  public var short: String { Self.scheme + hex.prefix(12) }
}

extension ImageID: Comparable, CustomStringConvertible {
  /// `sha512-` and the 128 digits.
  public var description: String { Self.scheme + hex }

  /// Orders by digest.
  public static func < (left: ImageID, right: ImageID) -> Bool { precedesInBytes(left.hex, right.hex) }
}

extension ImageID {
  /// What the specification's own examples have in place of an ID.
  static let placeholder = "sha512-..."
}

extension SchemaReader {
  /// A full ID.
  ///
  /// The placeholders of the specification's examples, which the reference implementation takes for IDs, are
  /// tolerated as none, and so is the SHA-256 of 0.1.1, which can match no image any more.
  mutating func imageID(_ node: JSONNode) -> ImageID? {
    guard let text = string(node, "A8") else { return nil }
    if mode == .tolerant, text.hasSameBytes(as: ImageID.placeholder) {
      warn("A8", at: node, "is a placeholder, not an ID; it is ignored")
      return nil
    }
    if isEarlier(than: SemanticVersion(0, 2, 0)), text.utf8.starts(with: "sha256-".utf8) {
      upgrade(at: node, "a SHA-256 of version 0.1.1 identifies no image any more; it is ignored")
      return nil
    }
    return attempt("A8", at: node) { () throws(SchemaError) in try ImageID(text) }
  }
}

/// The beginning of an image ID: `sha512-` and 2 to 128 lower-case hexadecimal digits.
public struct ImageIDPrefix: Hashable, Sendable, CustomStringConvertible {
  /// The digits that are known.
  public let hex: String

  /// Reads `sha512-` and 2 to 128 lower-case hexadecimal digits; throws `invalidValue` for anything else.
  public init(_ text: String) throws(SchemaError) {
    let digits = try Self.digits(of: text, type: "image ID prefix")
    guard (2...128).contains(digits.utf8.count) else {
      throw SchemaError.value(text, of: "image ID prefix", "it must have 2 to 128 hexadecimal digits")
    }
    hex = digits
  }

  /// Whether an ID begins so.
  public func matches(_ id: ImageID) -> Bool { id.hex.utf8.starts(with: hex.utf8) }

  /// `sha512-` and the digits.
  public var description: String { ImageID.scheme + hex }

  /// What follows `sha512-`, if it is all lower-case hexadecimal.
  static func digits(of text: String, type: String) throws(SchemaError) -> String {
    guard text.utf8.starts(with: ImageID.scheme.utf8) else {
      throw SchemaError.value(text, of: type, "it must start with \"sha512-\"")
    }
    let digits = withBytes(of: text) { bytes -> String? in
      let digits = UnsafeBufferPointer(rebasing: bytes.dropFirst(ImageID.scheme.utf8.count))
      let areDigits = digits.allSatisfy { ASCII.isDigit($0) || ($0 >= 0x61 && $0 <= 0x66) }
      return areDigits ? String(decoding: digits, as: UTF8.self) : nil
    }
    guard let digits else {
      throw SchemaError.value(text, of: type, "only the digits 0-9 and a-f may follow \"sha512-\"")
    }
    return digits
  }
}
