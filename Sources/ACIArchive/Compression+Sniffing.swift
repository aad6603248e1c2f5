extension Compression {
  /// Tells by its first bytes (512 are enough) how an image is compressed (B7).
  ///
  /// - Throws: `encrypted` for an OpenPGP message (B8), `notAnImage` for what is neither a tar archive with a
  ///   magic nor one of the compressions.
  static func sniff(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> Compression {
    if let compression = byMagic(bytes) { return compression }
    if TarHeader.hasMagic(bytes) { return .none }
    if isOpenPGP(bytes) {
      throw .reading(
        .encrypted, "it is encrypted with OpenPGP; decrypt it first, for example with gpg --decrypt")
    }
    if bytes.count < TarHeader.blockSize {
      throw .reading(.truncated, "\(bytes.count) bytes are too few for an image")
    }
    throw .reading(
      .notAnImage,
      "it is neither a tar archive (v7 without a magic does not count) nor one in gzip, bzip2, xz or zstd")
  }

  /// The compression whose magic bytes stand at the beginning, or nil.
  static func byMagic(_ bytes: UnsafeRawBufferPointer) -> Compression? {
    if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
    if bytes.starts(with: [0x42, 0x5A, 0x68]) { return .bzip2 }
    if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return .xz }
    if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
    return nil
  }

  /// Whether bytes begin an encrypted OpenPGP message: armored, or with a packet of an encrypted session key
  /// or of encrypted data in the old or the new format (RFC 9580, 4.2 and 5).
  private static func isOpenPGP(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.starts(with: "-----BEGIN PGP MESSAGE-----".utf8) { return true }
    guard let first = bytes.first, first & 0x80 != 0 else { return false }
    let tag = first & 0x40 != 0 ? first & 0x3F : (first & 0x3C) >> 2
    return [1, 3, 9, 18, 20].contains(tag)
  }
}
