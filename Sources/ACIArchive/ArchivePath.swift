import AppcSchema

/// The name of an entry: a canonical relative path of bytes.
///
/// Names inside archives are bytes, not text: two names are the same when their bytes are, whatever Unicode
/// says. A path has no leading "./", no trailing or doubled "/", no "." or ".." component and no NUL, so
/// equal places have equal paths (B2, B5).
public struct ArchivePath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The bytes, components separated by single slashes; never empty.
  public let bytes: [UInt8]

  /// The image manifest's place.
  public static let manifest = ArchivePath(canonical: Array("manifest".utf8))
  /// The root file system's place.
  public static let rootfs = ArchivePath(canonical: Array("rootfs".utf8))

  /// Reads a name as it stands in a tar header, a PAX record or a link: at most one leading "./" and repeated
  /// or trailing slashes are tolerated.
  ///
  /// - Throws: `invalidName` when the name is empty, absolute, names the archive's own root, has a "." or
  ///   ".." component or holds a NUL.
  public init(_ name: some Collection<UInt8>) throws(ArchiveError) {
    var spelling = [UInt8](name)
    if spelling.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { spelling.removeFirst(2) }
    if let fault = ArchivePath.fault(in: spelling[...]) {
      throw ArchiveError(
        .invalidName, operation: "read image", subject: "entry name \"\(excerpt(name))\"", detail: fault)
    }
    bytes = ArchivePath.isCanonical(spelling) ? spelling : ArchivePath.collapsed(spelling)
  }

  /// Reads a name from text, for names that a program has written.
  ///
  /// - Throws: as `init(_:)` for bytes.
  public init(_ name: String) throws(ArchiveError) {
    try self.init(Array(name.utf8))
  }

  /// For bytes that are known to be canonical.
  package init(canonical bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The components, outermost first; at least one, none empty.
  public var components: [ArraySlice<UInt8>] {
    bytes.split(separator: slash)
  }

  /// How many components there are, at least 1.
  public var depth: Int {
    bytes.reduce(1) { $1 == slash ? $0 + 1 : $0 }
  }

  /// The path above, or nil for a top-level name.
  public var parent: ArchivePath? {
    bytes.lastIndex(of: slash).map { ArchivePath(canonical: Array(bytes[..<$0])) }
  }

  /// The bytes after the last slash.
  public var lastComponent: ArraySlice<UInt8> {
    guard let slash = bytes.lastIndex(of: slash) else { return bytes[...] }
    return bytes[(slash + 1)...]
  }

  /// Whether this is `prefix` or lies beneath it.
  ///
  /// `rootfs-evil` does not start with `rootfs`.
  public func starts(with prefix: ArchivePath) -> Bool {
    guard bytes.starts(with: prefix.bytes) else { return false }
    return bytes.count == prefix.bytes.count || bytes[prefix.bytes.count] == slash
  }

  /// This path followed by one more component.
  ///
  /// - Throws: `invalidName` when the component is empty, "." or "..", or holds a slash or NUL.
  public func appending(_ component: some Collection<UInt8>) throws(ArchiveError) -> ArchivePath {
    let name = Array(component)
    guard !name.contains(slash), ArchivePath.fault(in: name[...]) == nil else {
      throw ArchiveError(
        .invalidName, operation: "append to \(self)", subject: "component \"\(excerpt(name))\"",
        detail: "it is not the name of a file")
    }
    return ArchivePath(canonical: bytes + [slash] + name)
  }

  /// Feeds the bytes to the hasher.
  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// Orders by components, so that a directory comes right before what it holds.
  public static func < (left: ArchivePath, right: ArchivePath) -> Bool {
    // A slash sorts before every other byte: "a", "a/b", "a-b".
    for (mine, theirs) in zip(left.bytes, right.bytes) where mine != theirs {
      if mine == slash { return true }
      if theirs == slash { return false }
      return mine < theirs
    }
    return left.bytes.count < right.bytes.count
  }

  /// The path with everything that is not plain text escaped: for messages and listings, not for use as a
  /// path.
  public var description: String { printable(bytes) }
}

extension ArchivePath {
  private static func fault(in name: ArraySlice<UInt8>) -> String? {
    if name.isEmpty { return "it is empty or names the archive's root" }
    if name.first == slash { return "it is absolute; names in an image are relative (B5)" }
    if name.contains(0) { return "it holds a NUL byte" }
    // Without an array of components: a long name has a million of them.
    var rest = name
    while !rest.isEmpty {
      let component = rest.prefix { $0 != slash }
      if component.elementsEqual([dot, dot]) { return "a \"..\" component leads out of the image (B5)" }
      if component.elementsEqual([dot]) { return "it has a \".\" component; only one leading \"./\" may be" }
      rest = rest[component.endIndex...].dropFirst()
    }
    return nil
  }

  private static func isCanonical(_ name: [UInt8]) -> Bool {
    var previous = slash
    for byte in name {
      if byte == slash, previous == slash { return false }
      previous = byte
    }
    return previous != slash
  }

  private static func collapsed(_ name: [UInt8]) -> [UInt8] {
    Array(name.split(separator: slash).joined(separator: [slash]))
  }
}

let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")

/// The beginning of bytes from outside, fit for a one-line message.
func excerpt(_ bytes: some Collection<UInt8>) -> String {
  let limit = 200
  return bytes.count > limit ? printable(bytes.prefix(limit)) + "..." : printable(bytes)
}
