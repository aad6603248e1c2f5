public import ACIArchive
import SystemPackage

extension ImagePatcher {
  /// Writes the image with another manifest.
  ///
  /// The new manifest comes first (B12), byte for byte; everything else is copied as it stands and checked on the
  /// way, and a hostile image is refused. Atomic: the output appears when it is complete and synced, or not at all.
  /// Blocks; compresses on all processors.
  ///
  /// - Parameter compression: nil compresses as the image is, at the usual level.
  /// - Throws: `exists`, `badName`, `invalidManifest`, `refused`, `changed` when somebody wrote to the image or
  ///   replaced it since it was opened, `unsupportedCompression`, `diskFull`, `system`.
  public func write(
    _ manifest: [UInt8], to destination: Destination, compression: OutputCompression? = nil
  ) throws(BuildError) -> BuiltImage {
    let output = BuildOutput(.image, to: destination, insteadOf: path, read: status.identity)
    let options = ArchiveWriter.Options(
      compression: compression ?? OutputCompression(self.compression), limits: limits)
    try output.check()
    try output.check(options.compression)
    let notes = try BuildOutput.check(manifest, of: path, limits)
    var file = try output.open()
    let (written, replaced) = try copy(manifest, to: file.descriptor, output, options)
    guard replaced == manifestBytes, try currentStatus().isUnchanged(since: status) else { throw changed }
    try written.checkExpansion(limits, output.operation, output.path)
    try output.publish(&file)
    return BuiltImage(
      imageID: written.imageID, path: output.path, bytes: written.compressedBytes,
      tarBytes: written.tarBytes, entries: written.entryCount, diagnostics: notes)
  }

  private func copy(
    _ manifest: [UInt8], to target: FileDescriptor, _ output: BuildOutput, _ options: ArchiveWriter.Options
  ) throws(BuildError) -> (written: WrittenArchive, replaced: [UInt8]) {
    let source = try at(path, operation: "patch") { () throws(Errno) in try Kernel.reopen(file) }
    do throws(ArchiveError) {
      return try Archive.replaceManifest(
        of: ByteSource(taking: source, name: ""), with: manifest, to: target, options: options)
    } catch {
      // A full disk is about the output, a broken entry about the image.
      throw BuildError(patching: error.operation == "write image" ? output.path : path, error)
    }
  }

  private func currentStatus() throws(BuildError) -> SourceStatus {
    try at(path, operation: "patch") { () throws(Errno) in try Kernel.status(file) }
  }

  private var changed: BuildError {
    BuildError(
      .changed, operation: "patch", subject: path.shown,
      detail: "it changed while it was read: patch it again when nobody writes to it")
  }
}
