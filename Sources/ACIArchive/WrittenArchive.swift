public import AppcSchema

/// What was written.
public struct WrittenArchive: Sendable {
  /// SHA-512 of the uncompressed stream (C1).
  public let imageID: ImageID
  /// Length of the uncompressed stream in bytes.
  public let tarBytes: Int64
  /// Length of the output in bytes.
  public let compressedBytes: Int64
  /// Whether a reader with the writer's limits may take the output for a bomb, by `ratio`.
  public let exceedsRatio: Bool
  /// Entries written, the manifest included.
  public let entryCount: Int
  /// The output, if it was written to memory; empty otherwise.
  public let bytes: [UInt8]
}
