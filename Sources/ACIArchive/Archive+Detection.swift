extension Archive {
  /// Whether a file that begins with these bytes (512 are enough) is meant to be an image: a tar archive with
  /// a magic, one of the compressions of B7, or an OpenPGP message (B8).
  ///
  /// Says nothing of whether it is a valid one.
  public static func isImage(beginningWith bytes: [UInt8]) -> Bool {
    do throws(ArchiveError) {
      _ = try bytes.withUnsafeBufferPointer { buffer throws(ArchiveError) in
        try Compression.sniff(UnsafeRawBufferPointer(buffer))
      }
      return true
    } catch {
      return error.code == .encrypted
    }
  }
}
