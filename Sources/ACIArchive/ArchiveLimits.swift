/// What an image may cost at most.
///
/// Every limit is refused with `limitExceeded`, naming it.
public struct ArchiveLimits: Hashable, Sendable {
  /// The manifest, in bytes.
  ///
  /// 8 MiB: difference images carry long whitelists.
  public var manifestBytes = 8 << 20
  /// Entries, the manifest included.
  public var entries = 1_000_000
  /// All paths together, in bytes.
  public var namesBytes = 256 << 20
  /// A path from the image's root, in bytes.
  public var pathBytes = 4096
  /// One component of a path, in bytes.
  ///
  /// Linux allows no more than 255.
  public var componentBytes = 255
  /// Components of a path.
  public var depth = 256
  /// A symbolic link's target, in bytes.
  ///
  /// Linux allows no more than 4095.
  public var linkTargetBytes = 4095
  /// The uncompressed stream, and also the sum of the files' apparent sizes, in bytes.
  public var expandedBytes: Int64 = 64 << 30
  /// Uncompressed bytes for each compressed one, once `ratioGrace` bytes have come out.
  public var ratio: Int64 = 200
  /// Uncompressed bytes that are not yet held against `ratio`.
  public var ratioGrace: Int64 = 16 << 20
  /// One extended header (PAX or GNU long name), in bytes.
  public var extendedHeaderBytes = 1 << 20
  /// Records in one PAX header.
  public var extendedHeaderRecords = 4096
  /// Runs in the map of one sparse file.
  public var sparseSegments = 65_536
  /// Memory that a block of an xz stream or a frame of a zstd stream may ask for as its dictionary, in bytes.
  ///
  /// It is in use only as far as the image expands. The library's own limits are 1 GiB for xz and 128 MiB for
  /// zstd.
  public var dictionaryBytes: Int64 = 256 << 20

  /// The limits used unless others are given; every field has its default.
  public static let `default` = ArchiveLimits()

  /// Creates limits with the defaults, to be changed field by field.
  public init() {}
}

extension ArchiveLimits {
  /// Refuses a decompression bomb: `expanded` bytes have come out of `compressed`.
  func checkExpansion(expanded: Int64, compressed: Int64) throws(ArchiveError) {
    guard expanded <= expandedBytes else {
      throw .reading(
        .limitExceeded, "it expands to more than \(expandedBytes) bytes; raise expandedBytes to allow it")
    }
    guard !isExceeded(expanded: expanded, compressed: compressed) else {
      throw .reading(
        .limitExceeded,
        "\(compressed) bytes expand to more than \(ratio) times as many; raise ratio if the image is trusted")
    }
  }

  /// Whether `ratio` forbids that `expanded` bytes come out of `compressed`.
  func isExceeded(expanded: Int64, compressed: Int64) -> Bool {
    let (allowed, unbounded) = max(compressed, 1).multipliedReportingOverflow(by: ratio)
    return expanded > ratioGrace && !unbounded && expanded > allowed
  }
}
