public import AppcSchema
import CAppcCrypto

/// SHA-512 over the uncompressed stream of an image (C1), by libcrypto.
public struct ImageDigest: ~Copyable, @unchecked Sendable {
  // Unchecked: the context is reachable through this value alone, which cannot be copied.
  private let context: OpaquePointer

  /// A digest of nothing yet.
  ///
  /// - Throws: `io` when libcrypto has no memory or does not offer SHA-512.
  public init() throws(ArchiveError) {
    guard let context = EVP_MD_CTX_new() else { throw ImageDigest.failure }
    guard EVP_DigestInit_ex(context, EVP_sha512(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw ImageDigest.failure
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw ImageDigest.failure }
  }

  /// The image ID of the bytes added.
  public consuming func finish() throws(ArchiveError) -> ImageID {
    var digest = [UInt8](repeating: 0, count: 64)
    var length: CUnsignedInt = 0
    let isDone = digest.withUnsafeMutableBufferPointer {
      EVP_DigestFinal_ex(context, $0.baseAddress, &length) == 1
    }
    guard isDone, length == 64, let id = ImageID(digest: digest) else { throw ImageDigest.failure }
    return id
  }

  private static var failure: ArchiveError {
    ArchiveError(
      .io, operation: "compute SHA-512", subject: "",
      detail: "libcrypto refused; check its configuration and memory")
  }
}
