extension Compression {
  /// Tells by its first bytes (512 are enough) how an image is compressed (B7).
  ///
  /// - Throws: `encrypted` for an encrypted OpenPGP message (B8), `truncated` for too few bytes, `notAnImage`
  ///   for what is neither a tar archive with a magic nor one of the compressions, saying what it is if that is
  ///   known.
  static func sniff(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> Compression {
    if let compression = byMagic(bytes) { return compression }
    if TarHeader.hasMagic(bytes) { return .none }
    guard !bytes.isEmpty else { throw .reading(.truncated, "it is empty; get the image again") }
    try refuseForeign(bytes)
    if bytes.count < TarHeader.blockSize {
      throw .reading(.truncated, "\(bytes.count) bytes are too few for an image; get the image again")
    }
    throw .reading(
      .notAnImage,
      "it is neither a tar archive (v7 without a magic does not count) nor one in gzip, bzip2, xz or zstd")
  }

  /// The compression whose magic bytes stand at the beginning, or nil.
  static func byMagic(_ bytes: UnsafeRawBufferPointer) -> Compression? {
    if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
    if bytes.starts(with: [0x42, 0x5A, 0x68]) { return .bzip2 }
    if bytes.starts(with: XZFormat.headerMagic) { return .xz }
    if bytes.starts(with: ZstdFrameHeader.magic) { return .zstd }
    return nil
  }

  /// Names what is known to be something else.
  static func refuseForeign(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    switch OpenPGPContent(bytes) {
    case .encrypted:
      throw .reading(
        .encrypted, "it is encrypted with OpenPGP; decrypt it first, for example with gpg --decrypt")
    case .message:
      throw .reading(.notAnImage, "it is an OpenPGP message; take the image out of it with gpg --decrypt")
    case .signature:
      throw .reading(.notAnImage, "it is an OpenPGP signature; give the image that it signs")
    case .key: throw .reading(.notAnImage, "it is an OpenPGP key; give an image")
    case nil: break
    }
    if let foreign = ForeignFormat(bytes) { throw .reading(.notAnImage, foreign.description) }
  }
}
