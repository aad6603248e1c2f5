/// Where the data of a sparse file lies; all else reads as zeros.
public struct SparseMap: Hashable, Sendable {
  /// A run of stored bytes.
  public struct Segment: Hashable, Sendable {
    /// Where the run begins in the file, in bytes.
    public let offset: Int64
    /// Its length in bytes.
    public let length: Int64

    /// Creates a run; `SparseMap` checks it.
    public init(offset: Int64, length: Int64) {
      self.offset = offset
      self.length = length
    }
  }

  /// The runs, ascending, not overlapping and not empty.
  public let segments: [Segment]
  /// The sum of the runs' lengths: what the archive stores.
  public let dataSize: Int64

  /// Where the last run ends.
  var end: Int64 {
    // No overflow: `init` has added these two before.
    segments.last.map { $0.offset + $0.length } ?? 0
  }

  /// Checks a map against the file's apparent size.
  ///
  /// Empty runs, with which some mark the end, are left out.
  ///
  /// - Throws: `invalidHeader` when a run is negative, overlaps or precedes the one before it, or ends beyond
  ///   `size`.
  public init(_ segments: [Segment], size: Int64) throws(ArchiveError) {
    var end: Int64 = 0
    var total: Int64 = 0
    for segment in segments {
      let (next, overflow) = segment.offset.addingReportingOverflow(segment.length)
      guard segment.length >= 0, segment.offset >= end, !overflow, next <= size else {
        throw .reading(
          .invalidHeader,
          "a sparse map's run of \(segment.length) bytes at \(segment.offset) overlaps or ends beyond \(size)"
        )
      }
      end = next
      total += segment.length  // at most `size`: the runs are disjoint
    }
    self.segments = segments.filter { $0.length > 0 }
    dataSize = total
  }
}
