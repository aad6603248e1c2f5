/// How far the reading of an image has got.
public struct ArchiveProgress: Hashable, Sendable {
  /// Bytes of the source used so far.
  public var storedBytes: Int64
  /// Bytes that the source has in all; nil where that is not known, as for a pipe.
  public var totalStoredBytes: Int64?
  /// Bytes that have come out of the compression so far.
  public var expandedBytes: Int64

  /// Creates a progress.
  public init(storedBytes: Int64, totalStoredBytes: Int64?, expandedBytes: Int64) {
    self.storedBytes = storedBytes
    self.totalStoredBytes = totalStoredBytes
    self.expandedBytes = expandedBytes
  }
}
