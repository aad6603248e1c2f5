import CAppcCrypto

/// SHA-256 over the content of one file after the other, by libcrypto.
///
/// What a listing of a tree says of its files: processors have instructions for it, where SHA-512 takes twice
/// the time or more. One context serves any number of files, for to make one costs as much as hashing a small
/// file.
package struct ContentDigest: ~Copyable, @unchecked Sendable {
  // Unchecked: the context is reachable through this value alone, which cannot be copied.
  private let context: OpaquePointer

  /// How many bytes a digest has.
  package static let byteCount = 32

  /// A digest of nothing yet.
  ///
  /// - Throws: `io` when libcrypto has no memory or does not offer SHA-256.
  package init() throws(ArchiveError) {
    guard let context = EVP_MD_CTX_new() else { throw ContentDigest.failure }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw ContentDigest.failure
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw ContentDigest.failure }
  }

  /// The digest of the bytes added since the last one; ready for the next content after that.
  package mutating func finish() throws(ArchiveError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: ContentDigest.byteCount)
    let isDone = digest.withUnsafeMutableBufferPointer {
      // Without a kind, the context starts again with the one it has: no look-up, no memory.
      EVP_DigestFinal_ex(context, $0.baseAddress, nil) == 1 && EVP_DigestInit_ex(context, nil, nil) == 1
    }
    guard isDone else { throw ContentDigest.failure }
    return digest
  }

  private static var failure: ArchiveError {
    ArchiveError(
      .io, operation: "compute SHA-256", subject: "",
      detail: "libcrypto refused; check its configuration and memory")
  }
}
