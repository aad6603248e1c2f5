/// How much of the disk a store takes.
///
/// Taken while others may change the store: every number is one that was true at some moment.
public struct DiskUsage: Sendable, Equatable {
  /// One part of the store.
  public struct Amount: Sendable, Equatable {
    /// How many images, trees, files or operations it is.
    public var count: Int
    /// Disk space in bytes: whole blocks, directories included, a file with several names once.
    public var bytes: Int64
    /// The sizes of the files, in bytes.
    public var apparentBytes: Int64

    /// Makes an amount; by default of nothing.
    public init(count: Int = 0, bytes: Int64 = 0, apparentBytes: Int64 = 0) {
      self.count = count
      self.bytes = bytes
      self.apparentBytes = apparentBytes
    }
  }

  /// The images, uncompressed; counted by image.
  public internal(set) var blobs = Amount()
  /// Rendered trees, counted by tree.
  ///
  /// Unless they were walked, `bytes` and `apparentBytes` are both what their files held when they were rendered.
  public internal(set) var trees = Amount()
  /// Records, manifests, remote records, last-use times, the index and lock files, counted by file.
  public internal(set) var records = Amount()
  /// What operations have not finished, or have left when they were killed; counted by operation.
  public internal(set) var temporary = Amount()
  /// Damaged blobs that were put aside, with their records, counted by file.
  public internal(set) var quarantine = Amount()

  /// All of it.
  public var total: Amount {
    [blobs, trees, records, temporary, quarantine].reduce(into: Amount()) { $0.add($1, counting: $1.count) }
  }
}

extension DiskUsage.Amount {
  /// Adds the space of `other` as so many of what is counted here.
  mutating func add(_ other: Self, counting count: Int) {
    self.count += count
    bytes = bytes.addingReportingOverflow(other.bytes).partialValue
    apparentBytes = apparentBytes.addingReportingOverflow(other.apparentBytes).partialValue
  }
}
