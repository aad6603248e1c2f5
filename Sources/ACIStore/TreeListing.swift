import ACIArchive

/// The list of what is in a rendered tree, with digests: `tree.mtree`, in the format of mtree(5).
///
/// One line for each file, as it was made, paths relative to the root file system. So a tree can be checked
/// without us: bsdtar reads the listing as it is, mtree(8) when its lines are sorted, for it wants a directory
/// before what is in it. A hard link is a line that says `type=file` and nothing else, after a comment that
/// names the file that it is: mtree has no other word for it.
///
///     ./etc/motd type=file mode=0644 uid=0 gid=0 time=1700000000.000000000 size=6 sha256digest=5891b5b5...
enum TreeListing {
  /// The first line, which tells file(1) and others what this is.
  static let header = Array("#mtree\n".utf8)
  /// What the line before a hard link begins with.
  static let hardLinkComment = "#hard link to "

  /// A line is not longer than this: a path and a link's text, every byte of them escaped, and the numbers.
  static let maxLineBytes = 4 * 4096 * 2 + 512

  /// Appends the line, or two, for a file.
  static func append(_ file: ListedFile, to text: inout [UInt8]) {
    if case .hardLink(let target) = file.kind {
      text += hardLinkComment.utf8
      appendPath(target, to: &text)
      text.append(UInt8(ascii: "\n"))
      appendPath(file.path, to: &text)
      text += " type=file\n".utf8
      return
    }
    appendPath(file.path, to: &text)
    text += " type=".utf8
    text += file.kind.entryKind.word.utf8
    appendMetadata(file.metadata, to: &text)
    switch file.kind {
    case .regular(let size, let digest):
      append(" size=", size, to: &text)
      text += " sha256digest=".utf8
      for byte in digest {
        text.append(hexadecimal(byte >> 4))
        text.append(hexadecimal(byte & 15))
      }
    case .symbolicLink(let target):
      text += " link=".utf8
      appendEscaped(target, to: &text)
    default: break
    }
    text.append(UInt8(ascii: "\n"))
  }

  private static func appendMetadata(_ metadata: ListedFile.Metadata, to text: inout [UInt8]) {
    append(" mode=0", metadata.mode, radix: 8, to: &text)
    append(" uid=", metadata.uid, to: &text)
    append(" gid=", metadata.gid, to: &text)
    append(" time=", metadata.modified.seconds, to: &text)
    // Exactly nine digits: a reader may take what follows the point for a number of its own.
    append(".", metadata.modified.nanoseconds, digits: 9, to: &text)
  }

  /// Without strings in between: there may be a million lines, and each is written while a tree waits for it.
  private static func append(
    _ key: StaticString, _ number: some FixedWidthInteger, radix: UInt64 = 10, digits least: Int = 1,
    to text: inout [UInt8]
  ) {
    key.withUTF8Buffer { text += $0 }
    if number < 0 { text.append(UInt8(ascii: "-")) }
    var rest = UInt64(number.magnitude)
    let start = text.count
    while rest > 0 || text.count - start < least {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % radix))
      rest /= radix
    }
    text[start...].reverse()
  }

  /// A path with a slash in it: a name without one would be relative to the line before.
  private static func appendPath(_ path: [UInt8], to text: inout [UInt8]) {
    text.append(UInt8(ascii: "."))
    guard !path.isEmpty else { return }
    text.append(UInt8(ascii: "/"))
    appendEscaped(path, to: &text)
  }

  /// As vis(3) with three octal digits: what would end a word or begin a comment, what mtree takes for a
  /// pattern, and everything that is not plain ASCII.
  private static func appendEscaped(_ bytes: [UInt8], to text: inout [UInt8]) {
    for byte in bytes {
      if isPlain(byte) {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "\\"))
        for shift: UInt8 in [6, 3, 0] { text.append(UInt8(ascii: "0") + byte >> shift & 7) }
      }
    }
  }

  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "#"), UInt8(ascii: "="), UInt8(ascii: "\\"): false
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): false
    default: (0x21...0x7e).contains(byte)
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}

extension EntryKind {
  /// What mtree calls it.
  fileprivate var word: String {
    switch self {
    case .regular, .hardLink: "file"
    case .directory: "dir"
    case .symbolicLink: "link"
    case .fifo: "fifo"
    case .characterDevice: "char"
    case .blockDevice: "block"
    }
  }
}
