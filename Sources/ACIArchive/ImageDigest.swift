public import AppcSchema
import CAppcCrypto

/// SHA-512 over the uncompressed stream of an image (C1), by libcrypto.
public struct ImageDigest: ~Copyable, @unchecked Sendable {
  // Unchecked: the context is reachable through this value alone, which cannot be copied.
  private let context: DigestContext

  /// A digest of nothing yet.
  ///
  /// - Throws: `io` when libcrypto has no memory or does not offer SHA-512.
  public init() throws(ArchiveError) {
    context = try DigestContext(EVP_sha512(), "SHA-512", byteCount: 64)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    try context.update(bytes)
  }

  /// The image ID of the bytes added.
  public consuming func finish() throws(ArchiveError) -> ImageID {
    guard let id = try ImageID(digest: context.finish()) else {
      preconditionFailure("a context gives as many bytes as it was made for")
    }
    return id
  }
}
