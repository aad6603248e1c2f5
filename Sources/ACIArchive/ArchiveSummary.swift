public import AppcSchema

/// What is known of an image that was read to its very end and found valid.
public struct ArchiveSummary: Sendable {
  /// SHA-512 of the whole uncompressed stream (C1, C2).
  public let imageID: ImageID
  /// The manifest, read as the options said.
  public let manifest: ImageManifest
  /// What the reader of the manifest noted.
  public let diagnostics: [Diagnostic]
  /// The manifest's bytes as they stand in the image.
  public let manifestBytes: [UInt8]
  /// How the image was compressed.
  public let compression: Compression
  /// Length of the uncompressed stream in bytes.
  public let tarBytes: Int64
  /// Length of the image as it was read, in bytes.
  public let compressedBytes: Int64
  /// Sum of the apparent sizes of the regular files beneath rootfs, in bytes.
  public let contentBytes: Int64
  /// Entries, the manifest included.
  public let entryCount: Int
}
