import ACIArchive
import SystemPackage

/// The file of a lock by its key: different keys never have the same file, on no file system.
///
/// Keys of plain text can be read in a listing; upper case is escaped, for there are file systems that do not tell
/// it from lower case.
enum KeyLockName {
  private static let escaped = "key-"
  private static let hashed = "hash-"

  /// Linux allows names of 255 bytes.
  private static let longestName = 200

  /// The name for a key: what is not `a-z0-9._-` becomes `%` and two digits; a long key, its SHA-256.
  static func name(of key: some Collection<UInt8>) throws(ArchiveError) -> FilePath {
    if key.count <= longestName {
      let name = Array(escaped.utf8) + key.flatMap(escape)
      if name.count <= longestName { return FilePath(String(decoding: name, as: UTF8.self)) }
    }
    return FilePath(hashed + (try ContentDigest.hex(of: Array(key))))
  }

  /// Whether a file is one of a lock.
  static func isOne(_ name: FilePath) -> Bool {
    name.string.utf8.starts(with: escaped.utf8) || name.string.utf8.starts(with: hashed.utf8)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      [byte]
    default: [UInt8(ascii: "%")] + HexDigits.of(byte)
    }
  }
}
