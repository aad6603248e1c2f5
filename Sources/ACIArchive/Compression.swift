/// How an image is compressed as a whole (B7).
///
/// The image ID does not depend on it (C1).
public enum Compression: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// A plain tar archive.
  case none
  /// gzip, RFC 1952; several members count as one stream.
  case gzip
  /// bzip2.
  case bzip2
  /// xz.
  case xz
  /// Zstandard, which the specification does not name.
  case zstd

  /// The usual name of the compression.
  public var description: String {
    switch self {
    case .none: "none"
    case .gzip: "gzip"
    case .bzip2: "bzip2"
    case .xz: "xz"
    case .zstd: "zstd"
    }
  }
}
