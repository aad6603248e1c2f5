/// The URLs of annotations: absolute, of scheme http or https (A11).
enum WebAddress {
  enum Verdict {
    case valid
    /// A space stands after the host, which the reference implementation takes.
    case spaced
    case invalid
  }

  /// Looks at a text as the reference implementation does: nothing of it is resolved, but its host and its
  /// percent signs must make sense.
  static func verdict(on text: String) -> Verdict {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: ASCII.colon), isScheme(bytes[..<colon]),
      bytes.allSatisfy({ $0 >= ASCII.space && $0 != 0x7F }), areEscapesWhole(bytes)
    else { return .invalid }
    let rest = bytes[(colon + 1)...]
    guard rest.starts(with: [ASCII.slash, ASCII.slash]) else { return verdict(rest) }
    let authority = rest.dropFirst(2).prefix { !isEndOfAuthority($0) }
    guard isAuthority(authority) else { return .invalid }
    return verdict(bytes[authority.endIndex...])
  }

  private static func verdict(_ path: ArraySlice<UInt8>) -> Verdict {
    path.contains(ASCII.space) ? .spaced : .valid
  }

  private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    let scheme = bytes.map(ASCII.lowercased)
    return scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8)
  }

  private static func isEndOfAuthority(_ byte: UInt8) -> Bool {
    byte == ASCII.slash || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  /// Every percent sign is followed by two hexadecimal digits.
  private static func areEscapesWhole(_ bytes: [UInt8]) -> Bool {
    bytes.indices.allSatisfy { index in
      bytes[index] != ASCII.percent
        || (bytes.count - index > 2 && ASCII.hexadecimalValue(bytes[index + 1]) != nil
          && ASCII.hexadecimalValue(bytes[index + 2]) != nil)
    }
  }

  /// `[user@]host[:port]`: the host without characters that need escaping, or an address in brackets.
  private static func isAuthority(_ authority: ArraySlice<UInt8>) -> Bool {
    let at = authority.lastIndex(of: UInt8(ascii: "@"))
    if let at, authority[..<at].contains(ASCII.space) { return false }
    let host = at.map { authority[($0 + 1)...] } ?? authority
    guard host.first == ASCII.openBracket else {
      let colon = host.firstIndex(of: ASCII.colon) ?? host.endIndex
      return host[..<colon].allSatisfy(isOfHost) && host[colon...].dropFirst().allSatisfy(ASCII.isDigit)
    }
    guard let close = host.lastIndex(of: ASCII.closeBracket) else { return false }
    let port = host[(close + 1)...]
    return host[..<close].allSatisfy { $0 > ASCII.space }
      && (port.isEmpty || (port.first == ASCII.colon && port.dropFirst().allSatisfy(ASCII.isDigit)))
  }

  private static func isOfHost(_ byte: UInt8) -> Bool {
    if byte >= 0x80 || ASCII.isLowerAlphanumeric(byte) || ASCII.isUpperLetter(byte) { return true }
    return "-._~!$&'()*+,;=%<>\"".utf8.contains(byte)
  }
}
