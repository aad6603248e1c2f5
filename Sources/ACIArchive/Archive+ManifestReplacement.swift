public import SystemPackage

extension Archive {
  /// Copies an image with another manifest in the place of its own.
  ///
  /// The new manifest comes first (B12), as the entry that `ArchiveWriter.addManifest` writes. Everything else is
  /// copied block by block as it stands, in its order: names, owners, times, attributes, sparse maps, and records
  /// that nothing here reads. Nothing is copied of what follows the archive's end. The image is read to its last
  /// byte and checked on the way; its own manifest may be invalid, but must be there.
  ///
  /// The bytes of the new manifest are not looked into. After an error the output is incomplete. Blocks. Nothing is
  /// synced.
  ///
  /// - Parameters:
  ///   - descriptor: where the new image goes; the caller keeps it open until the end, and closes it.
  ///   - options: how it is written; the limits hold for both images.
  /// - Returns: what was written, and the bytes of the manifest that was replaced.
  /// - Throws: what breaks a rule in the image; `limitExceeded` for a manifest beyond `manifestBytes`; `io`.
  public static func replaceManifest(
    of source: consuming ByteSource, with manifest: [UInt8], to descriptor: FileDescriptor,
    options: ArchiveWriter.Options = .init()
  ) throws(ArchiveError) -> (written: WrittenArchive, replaced: [UInt8]) {
    try replaceManifest(of: source, with: manifest, .descriptor(descriptor.rawValue), options)
  }

  /// The same in memory: the new image is `written.bytes`.
  public static func replaceManifest(
    of source: consuming ByteSource, with manifest: [UInt8], options: ArchiveWriter.Options = .init()
  ) throws(ArchiveError) -> (written: WrittenArchive, replaced: [UInt8]) {
    try replaceManifest(of: source, with: manifest, .memory, options)
  }

  private static func replaceManifest(
    of source: consuming ByteSource, with manifest: [UInt8], _ target: ByteSink.Target,
    _ options: ArchiveWriter.Options
  ) throws(ArchiveError) -> (written: WrittenArchive, replaced: [UInt8]) {
    let output = try TarOutput(target, options)
    try writeManifest(manifest, to: output, options.limits)
    var reader = try ArchiveReader(source, options: .init(limits: options.limits, hashing: false))
    reader.stream.copy = BlockCopy(to: output)
    while true {
      do throws(ArchiveError) {
        guard try reader.next() != nil else { break }
      } catch {
        // What is wrong with a manifest that goes is nobody's concern.
        guard error.code == .invalidManifest, reader.canContinue else { throw error }
      }
    }
    return (try output.finish(entryCount: reader.rules.entryCount), reader.manifestBytes ?? [])
  }

  private static func writeManifest(
    _ bytes: [UInt8], to output: TarOutput, _ limits: ArchiveLimits
  ) throws(ArchiveError) {
    let entry = ArchiveEntry(path: .manifest, kind: .regular, mode: 0o644, size: Int64(bytes.count))
    var rules = ArchiveRules(limits: limits)
    try rules.admit(entry)
    try output.append(TarEncoder.header(of: entry)[...])
    try output.append(bytes[...])
    try output.pad()
  }
}
