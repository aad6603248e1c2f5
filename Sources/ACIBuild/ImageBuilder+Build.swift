import ACIArchive
import AppcSchema
import Logging
public import SystemPackage

extension ImageBuilder {
  /// Builds the image and puts it at `output`, whose name must end in `.aci` (B1).
  ///
  /// Atomic: the output appears when it is complete and synced, or not at all; an old one is replaced in the same
  /// instant. Idempotent with `overwrite`. Blocks; compresses on all processors.
  ///
  /// Throws `exists`, `badName`, `unsupportedCompression`, `badLayout`, `invalidManifest`, `changed`,
  /// `refused`, `diskFull`, `system`.
  public func build(to output: FilePath) throws(BuildError) -> BuiltImage {
    let output = BuildOutput(
      path: output, place: .file(overwrite: options.overwrite), content: .image, operation: "build")
    try output.check()
    try output.check(options.compression)
    let source = try BuildSource(opening: directory)
    let (manifest, notes) = try source.readManifest(limit: options.limits.manifestBytes)
    var file = try output.open()
    var diagnostics = notes
    let written = try write(source, manifest, to: file.descriptor, &diagnostics)
    try written.checkExpansion(options.limits, output.operation, output.path)
    try output.publish(&file)
    logger.debug(
      "image built", metadata: ["image": "\(written.imageID.short)", "entries": "\(written.entryCount)"])
    return BuiltImage(
      imageID: written.imageID, path: output.path, bytes: written.compressedBytes, tarBytes: written.tarBytes,
      entries: written.entryCount, diagnostics: diagnostics)
  }

  func write(
    _ source: borrowing BuildSource, _ manifest: [UInt8], to output: FileDescriptor,
    _ diagnostics: inout [BuildDiagnostic]
  ) throws(BuildError) -> WrittenArchive {
    do {
      let writerOptions = ArchiveWriter.Options(compression: options.compression, limits: options.limits)
      var writer = try ArchiveWriter(to: output, options: writerOptions)
      try writer.addManifest(manifest)
      var walk = TreeWalk(options)
      try walk.write(source, to: &writer)
      diagnostics += walk.diagnostics
      return try writer.finish()
    } catch let error as BuildError {
      throw error
    } catch let error as ArchiveError {
      throw BuildError(error, subject: directory.shown)
    } catch {
      throw BuildError(.system, subject: directory.shown, detail: "\(error)", cause: error)
    }
  }
}

extension WrittenArchive {
  /// Refuses what readers would take for a bomb.
  func checkExpansion(
    _ limits: ArchiveLimits, _ operation: String, _ path: FilePath
  ) throws(BuildError) {
    guard exceedsRatio else { return }
    throw BuildError(
      .refused, operation: operation, subject: path.shown,
      detail:
        "compressed, it would expand to more than \(limits.ratio) times its size, which readers "
        + "refuse: leave it uncompressed (use --no-compression)")
  }
}

extension BuildError {
  /// The error for something that no image may hold, or an output that could not be written.
  init(_ error: ArchiveError, subject: String) {
    if let errno = error.errno {
      self.init(system: errno, subject: subject)
    } else {
      self.init(.refused, subject: subject, detail: "\(error)", cause: error)
    }
  }
}

/// Runs `body` and turns the kernel's refusal into an error about `path`.
func at<Value: ~Copyable>(
  _ path: FilePath, operation: String = "build", _ body: () throws(Errno) -> Value
) throws(BuildError) -> Value {
  do {
    return try body()
  } catch {
    throw BuildError(system: error, operation: operation, subject: path.shown)
  }
}
