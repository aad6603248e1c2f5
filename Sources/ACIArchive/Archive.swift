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
  /// With `extraction.whitelist` the image is read once more where a listed hard link names a file that is not
  /// listed; from a pipe that is refused.
  ///
  /// - Returns: what the image was, nil where `options.hashing` is off, which saves the time of hashing it; and what
  ///   was made.
  /// - Throws: `destinationExists`; what reading and extracting throw.
  public static func extract(
    _ source: consuming ByteSource, into destination: FilePath, options: ArchiveReader.Options = .init(),
    extraction: ExtractionOptions = .init()
  ) throws(ArchiveError) -> (summary: ArchiveSummary?, report: ExtractionReport) {
    var staging = try StagingDirectory(for: destination)
    do throws(ArchiveError) {
      var extractor = try Extractor(into: staging.descriptor, options: extraction)
      if let whitelist = extraction.whitelist {
        let result = try extract(source, with: &extractor, only: whitelist, options: options)
        try staging.publish()
        return result
      }
      var reader = try ArchiveReader(source, options: options)
      while let entry = try reader.next() { try extractor.extract(entry, content: &reader) }
      let summary = options.hashing ? try reader.finish() : nil
      let report = try extractor.finish()
      try staging.publish()
      return (summary, report)
    } catch {
      try? staging.discard()
      throw error.subject.isEmpty ? error.inside(destination.shown) : error
    }
  }
}

extension Archive {
  /// Extracts what is on a whitelist.
  private static func extract(
    _ source: consuming ByteSource, with extractor: inout Extractor, only whitelist: Set<ArchivePath>,
    options: ArchiveReader.Options
  ) throws(ArchiveError) -> (summary: ArchiveSummary?, report: ExtractionReport) {
    var repetition = source.repetition()
    var selective = SelectiveExtraction(whitelist, isRepeatable: repetition != nil)
    var reader = try ArchiveReader(source, options: options)
    try selective.extract(from: &reader, with: &extractor)
    let summary = options.hashing ? try reader.finish() : nil
    if selective.needsContent, let repetition = repetition.take() {
      var options = options
      // It has seen each byte already.
      options.sink = nil
      var reader = try ArchiveReader(try repetition.source(), options: options)
      try selective.extractMoved(from: &reader, with: &extractor)
      if let summary, try reader.finish().imageID != summary.imageID { throw .changedMeanwhile }
    }
    var report = try extractor.finish()
    report.leftOut = selective.leftOut
    return (summary, report)
  }
}
