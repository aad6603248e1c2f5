import AppcSchema
import Glibc
public import SystemPackage

/// Writes an image, always the same bytes for the same entries.
///
/// The manifest comes first (B12), then the entries in the caller's order: sort them for a deterministic
/// image. What ustar cannot say goes into PAX records: long names, large numbers, nanoseconds, extended
/// attributes, sparse files. Nothing of the writing machine is recorded. Every entry passes `ArchiveRules`,
/// so what is written can be read.
///
/// After an error the output is incomplete and the writer of no more use. Blocks. Nothing is synced.
public struct ArchiveWriter: ~Copyable, @unchecked Sendable {
  // Unchecked: the output is a class with raw buffers, but this value is its only owner and cannot be copied.

  /// How to write.
  public struct Options: Sendable {
    /// Compression of the whole.
    public var compression: OutputCompression
    /// Nothing is written that a reader with these limits refuses; of `ratio` see `WrittenArchive.exceedsRatio`.
    public var limits: ArchiveLimits
    /// How many threads compress; nil for one a processor, at most 8.
    ///
    /// The output does not depend on it.
    public var threads: Int?

    /// Creates options.
    public init(
      compression: OutputCompression = .gzip(), limits: ArchiveLimits = .default, threads: Int? = nil
    ) {
      self.compression = compression
      self.limits = limits
      self.threads = threads
    }
  }

  private let output: TarOutput
  private var rules: ArchiveRules

  /// Writes to an open file or pipe, which the caller keeps open until the end, and closes.
  ///
  /// - Throws: `unsupported` for a compression level that does not exist, `missingLibrary` where the
  ///   compression needs libarchive and there is none.
  public init(to descriptor: FileDescriptor, options: Options = Options()) throws(ArchiveError) {
    output = try TarOutput(.descriptor(descriptor.rawValue), options)
    rules = ArchiveRules(limits: options.limits)
  }

  /// Writes to memory; `finish()` gives the bytes.
  ///
  /// - Throws: `unsupported` for a compression level that does not exist, `missingLibrary` where the
  ///   compression needs libarchive and there is none.
  public init(options: Options = Options()) throws(ArchiveError) {
    output = try TarOutput(.memory, options)
    rules = ArchiveRules(limits: options.limits)
  }

  /// Writes the manifest's entry, which must be the first: a regular file of root, mode 0644.
  ///
  /// The bytes are not looked into.
  public mutating func addManifest(
    _ bytes: [UInt8], modified: FileTime = .epoch
  ) throws(ArchiveError) {
    let entry = ArchiveEntry(
      path: .manifest, kind: .regular, mode: 0o644, size: Int64(bytes.count), modified: modified)
    try add(entry, content: bytes)
  }

  /// Writes an entry that has no content.
  public mutating func add(_ entry: ArchiveEntry) throws(ArchiveError) {
    try add(entry, content: [])
  }

  /// Writes an entry and its content, of which there must be `entry.size` bytes.
  ///
  /// For a sparse entry these are all bytes of the file, of which the runs are stored, widened to blocks of 512
  /// bytes.
  ///
  /// - Throws: `contentMismatch` when the length is not as the entry says; what breaks a rule; `io`.
  public mutating func add(_ entry: ArchiveEntry, content: [UInt8]) throws(ArchiveError) {
    guard content.count == entry.size else { throw mismatch(entry, "\(content.count) bytes were given") }
    let entry = try begin(entry)
    let runs = entry.sparseMap?.segments ?? [SparseMap.Segment(offset: 0, length: entry.size)]
    for run in runs {
      // Within `content`: the map was checked against the size.
      let bytes = content[Int(run.offset)..<Int(run.offset + run.length)]
      try output.append(bytes)
    }
    try output.pad()
  }

  /// Writes a regular file's entry and its content, read from `file`: from where it stands, or for a sparse
  /// entry the runs from their offsets.
  ///
  /// - Throws: `contentMismatch` when there are not exactly `entry.size` bytes, as when somebody writes to
  ///   the file; what breaks a rule; `io`.
  public mutating func add(
    _ entry: ArchiveEntry, contentOf file: FileDescriptor
  ) throws(ArchiveError) {
    let entry = try begin(entry)
    if let map = entry.sparseMap {
      for run in map.segments {
        guard try output.append(run.length, of: file.rawValue, at: run.offset) == run.length else {
          throw mismatch(entry, "the file became shorter while it was read")
        }
      }
    } else {
      guard try output.append(entry.size, of: file.rawValue, at: nil) == entry.size else {
        throw mismatch(entry, "the file became shorter while it was read")
      }
      guard try !output.hasMore(file.rawValue) else {
        throw mismatch(entry, "the file became longer while it was read")
      }
    }
    try output.pad()
  }

  /// Ends the archive, writes out what is waiting and tells what was written.
  ///
  /// To be called once.
  ///
  /// - Throws: `invalidLayout` when the manifest or the rootfs is missing; `io`.
  public mutating func finish() throws(ArchiveError) -> WrittenArchive {
    try rules.finish()
    return try output.finish(entryCount: rules.entryCount)
  }

  /// Writes the headers; returns the entry as it is written.
  private mutating func begin(_ entry: ArchiveEntry) throws(ArchiveError) -> ArchiveEntry {
    guard rules.entryCount > 0 || entry.path == .manifest else {
      throw ArchiveError(
        .invalidLayout, operation: "write image", subject: "entry \(excerpt(entry.path.bytes))",
        detail: "the manifest must be written first")
    }
    try rules.admit(entry)
    var entry = entry
    entry.sparseMap = try entry.sparseMap?.inBlocks(size: entry.size)
    try output.append(TarEncoder.header(of: entry)[...])
    return entry
  }

  private func mismatch(_ entry: ArchiveEntry, _ detail: String) -> ArchiveError {
    ArchiveError(
      .contentMismatch, operation: "write image", subject: "entry \(excerpt(entry.path.bytes))",
      detail: "its size is \(entry.size) bytes, but \(detail)")
  }
}
