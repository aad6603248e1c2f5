import ACIArchive

extension TreeListing {
  /// Reads the path in the comment before a hard link; nil when the line is something else.
  static func hardLinkTarget(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    var line = LineParser(rest: line)
    guard line.take(hardLinkComment), let path = line.path(), line.isAtEnd else { return nil }
    return path
  }

  /// Reads a line without its end; nil for what `append` does not write.
  ///
  /// `target` is the path in the comment before the line, if there was one.
  static func parse(_ line: ArraySlice<UInt8>, hardLinkTo target: [UInt8]? = nil) -> ListedFile? {
    var line = LineParser(rest: line)
    guard let path = line.path(), line.take(" type="), let word = line.word() else { return nil }
    if let target {
      guard word == "file", line.isAtEnd else { return nil }
      let none = ListedFile.Metadata(mode: 0, uid: 0, gid: 0, modified: .epoch)
      return ListedFile(path: path, kind: .hardLink(target), metadata: none)
    }
    guard let metadata = line.metadata(), let kind = line.kind(word), line.isAtEnd else { return nil }
    return ListedFile(path: path, kind: kind, metadata: metadata)
  }

  /// Takes a line to pieces from the front.
  private struct LineParser {
    var rest: ArraySlice<UInt8>

    var isAtEnd: Bool { rest.isEmpty }

    /// Whether the line goes on so, and then passes it.
    mutating func take(_ text: String) -> Bool {
      guard rest.starts(with: text.utf8) else { return false }
      rest = rest.dropFirst(text.utf8.count)
      return true
    }

    /// Everything up to the next space or the end.
    mutating func bytes() -> ArraySlice<UInt8> {
      let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
      defer { rest = rest[end...] }
      return rest[..<end]
    }

    mutating func word() -> String? {
      String(validating: bytes(), as: UTF8.self)
    }

    mutating func path() -> [UInt8]? {
      var bytes = bytes()
      guard bytes.popFirst() == UInt8(ascii: ".") else { return nil }
      guard let slash = bytes.popFirst() else { return [] }
      guard slash == UInt8(ascii: "/"), !bytes.isEmpty else { return nil }
      return TreeListing.unescaped(bytes)
    }

    mutating func number<Value: FixedWidthInteger>(_ key: String, radix: Int = 10) -> Value? {
      guard take(key), let word = word() else { return nil }
      return TreeListing.number(word, radix: radix)
    }

    mutating func metadata() -> ListedFile.Metadata? {
      guard let mode: UInt32 = number(" mode=", radix: 8), let uid: UInt32 = number(" uid="),
        let gid: UInt32 = number(" gid="), let time = time()
      else { return nil }
      return .init(mode: mode, uid: uid, gid: gid, modified: time)
    }

    private mutating func time() -> FileTime? {
      guard take(" time="), let parts = word()?.split(separator: ".", omittingEmptySubsequences: false),
        parts.count == 2, let seconds: Int64 = TreeListing.number(parts[0], isSigned: true),
        parts[1].utf8.count == 9, let nanoseconds: Int32 = TreeListing.number(parts[1])
      else { return nil }
      return FileTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    mutating func kind(_ word: String) -> ListedFile.Kind? {
      switch word {
      case "file":
        guard let size: Int64 = number(" size="), take(" sha256digest="),
          let digest = TreeListing.digest(bytes())
        else { return nil }
        return .regular(size: size, digest: digest)
      case "link":
        guard take(" link="), let target = TreeListing.unescaped(bytes()) else { return nil }
        return .symbolicLink(target)
      case "dir": return .directory
      case "fifo": return .fifo
      case "char": return .characterDevice
      case "block": return .blockDevice
      default: return nil
      }
    }
  }

  /// Nil for what `append` does not write: a plus, or a minus where there is none.
  private static func number<Value: FixedWidthInteger>(
    _ text: some StringProtocol, radix: Int = 10, isSigned: Bool = false
  ) -> Value? {
    let digits = isSigned && text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard let first = digits.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return nil
    }
    return Value(text, radix: radix)
  }

  private static func digest(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count == 2 * ContentDigest.byteCount else { return nil }
    var digest: [UInt8] = []
    var high: UInt8?
    for digit in text {
      guard let value = value(of: digit) else { return nil }
      if let upper = high {
        digest.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return digest
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// Nil for what `appendEscaped` does not write, and for a NUL, which no path holds.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        guard isPlain(byte) else { return nil }
        bytes.append(byte)
        continue
      }
      var value = 0
      for _ in 0..<3 {
        guard let digit = rest.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
          return nil
        }
        value = value * 8 + Int(digit - UInt8(ascii: "0"))
      }
      guard let byte = UInt8(exactly: value), byte != 0 else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
