import CAppcCrypto

/// A computation of libcrypto's, of one hash after the other.
///
/// Whoever has it sees to it that one thread at a time uses it.
struct DigestContext: ~Copyable {
  private let context: OpaquePointer
  private let name: StaticString
  private let byteCount: Int

  /// A context for the hash of this kind, which has so many bytes.
  ///
  /// - Throws: `io` when libcrypto has no memory or does not offer it.
  init(_ kind: OpaquePointer?, _ name: StaticString, byteCount: Int) throws(ArchiveError) {
    guard let context = EVP_MD_CTX_new() else { throw .refused(name) }
    guard EVP_DigestInit_ex(context, kind, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw .refused(name)
    }
    self.context = context
    self.name = name
    self.byteCount = byteCount
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds bytes.
  func update(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw .refused(name) }
  }

  /// The hash of the bytes added; the context is of use again after `restart()` only.
  func finish() throws(ArchiveError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    var length: CUnsignedInt = 0
    let isDone = digest.withUnsafeMutableBufferPointer {
      EVP_DigestFinal_ex(context, $0.baseAddress, &length) == 1
    }
    guard isDone, length == byteCount else { throw .refused(name) }
    return digest
  }

  /// Begins with the next hash, of the same kind: without naming one there is no look-up, and no memory is asked for.
  func restart() throws(ArchiveError) {
    guard EVP_DigestInit_ex(context, nil, nil) == 1 else { throw .refused(name) }
  }
}

extension ArchiveError {
  fileprivate static func refused(_ name: StaticString) -> ArchiveError {
    ArchiveError(
      .io, operation: "compute \(name)", subject: "",
      detail: "libcrypto refused; check its configuration and memory")
  }
}
