public import AppcSchema
public import SystemPackage

/// What to do with one image, in one call.
///
/// Blocks.
public enum Archive {
  /// Reads an image to its end and checks everything: the stream, the structure (B2 to B5), the manifest.
  ///
  /// `visit` sees each entry after it was found to be within the rules; what it throws ends the reading, as
  /// the cause of an error with code `stopped`.
  public static func inspect(
    _ source: consuming ByteSource, options: ArchiveReader.Options = .init(),
    visit: (ArchiveEntry) throws -> Void = { _ in }
  ) throws(ArchiveError) -> ArchiveSummary {
    var reader = try ArchiveReader(source, options: options)
    while let entry = try reader.next() {
      do {
        try visit(entry)
      } catch {
        throw .reading(.stopped, "the reading was stopped", of: entry.path, cause: error)
      }
    }
    return try reader.finish()
  }

  /// Reads no further than the manifest, which may stand at the end (B12).
  ///
  /// The rest of the image is not checked, so the manifest is not proven to be that of a valid image.
  public static func manifest(
    _ source: consuming ByteSource, options: ArchiveReader.Options = .init()
  ) throws(ArchiveError) -> (manifest: ImageManifest, bytes: [UInt8]) {
    var options = options
    options.hashing = false
    var reader = try ArchiveReader(source, options: options)
    while try reader.next() != nil {
      if let manifest = reader.manifest { return manifest }
    }
    throw .reading(.invalidLayout, "it has no entry \"manifest\" (B3)")
  }

  /// Extracts an image to `destination`, which must not exist.
  ///
  /// Afterwards it is a directory of the caller's, mode 0700, with `manifest` and `rootfs` in it.
  ///
  /// Atomic: everything is made in a hidden sibling of the destination, which takes its name when the image
  /// has been read to the end and found valid. After an error nothing is left. Nothing is synced.
  ///
  /// - Throws: `destinationExists`; what reading and extracting throw.
  public static func extract(
    _ source: consuming ByteSource, into destination: FilePath, options: ArchiveReader.Options = .init(),
    extraction: ExtractionOptions = .init()
  ) throws(ArchiveError) -> (summary: ArchiveSummary, report: ExtractionReport) {
    var staging = try StagingDirectory(for: destination)
    do throws(ArchiveError) {
      var reader = try ArchiveReader(source, options: options)
      var extractor = try Extractor(into: staging.descriptor, options: extraction)
      while let entry = try reader.next() { try extractor.extract(entry, content: &reader) }
      let summary = try reader.finish()
      let report = try extractor.finish()
      try staging.publish()
      return (summary, report)
    } catch {
      try? staging.discard()
      throw error
    }
  }
}
