import CAppcCrypto

/// SHA-256 over the content of one file after the other, by libcrypto.
///
/// What a listing of a tree says of its files: processors have instructions for it, where SHA-512 takes twice
/// the time or more. One context serves any number of files, for to make one costs as much as hashing a small
/// file.
package struct ContentDigest: ~Copyable, @unchecked Sendable {
  // Unchecked: the context is reachable through this value alone, which cannot be copied.
  private let context: DigestContext

  /// How many bytes a digest has.
  package static let byteCount = 32

  /// A digest of nothing yet.
  ///
  /// - Throws: `io` when libcrypto has no memory or does not offer SHA-256.
  package init() throws(ArchiveError) {
    context = try DigestContext(EVP_sha256(), "SHA-256", byteCount: ContentDigest.byteCount)
  }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    try context.update(bytes)
  }

  /// The digest of the bytes added since the last one; ready for the next content after that.
  package mutating func finish() throws(ArchiveError) -> [UInt8] {
    let digest = try context.finish()
    try context.restart()
    return digest
  }
}
