public import ACIArchive
import AppcSchema
public import SystemPackage

/// An image manifest in a file of its own.
public enum ManifestFile {
  /// Writes a manifest, byte for byte, to a file or in the place of the manifest at `path`.
  ///
  /// A new file may have any name but one that ends in `.aci`. Atomic: the output appears when it is complete and
  /// synced, or not at all. Blocks.
  ///
  /// - Returns: what was noticed in the manifest.
  /// - Throws: `invalidManifest` when it is not valid or beyond the limits, `exists`, `badName`, `diskFull`,
  ///   `system`.
  @discardableResult
  public static func write(
    _ manifest: [UInt8], to destination: ImagePatcher.Destination, insteadOf path: FilePath,
    limits: ArchiveLimits = .default
  ) throws(BuildError) -> [BuildDiagnostic] {
    try write(manifest, to: destination, insteadOf: path, read: nil, limits: limits)
  }

  /// The same, but in place only if the file is still the one that was `read`; else throws `changed`.
  @discardableResult
  package static func write(
    _ manifest: [UInt8], to destination: ImagePatcher.Destination, insteadOf path: FilePath,
    read: FileIdentity?, limits: ArchiveLimits = .default
  ) throws(BuildError) -> [BuildDiagnostic] {
    let output = BuildOutput(.manifest, to: destination, insteadOf: path, read: read)
    try output.check()
    let notes = try BuildOutput.check(manifest, of: path, limits)
    var file = try output.open()
    do {
      try file.descriptor.writeAll(manifest)
    } catch {
      throw BuildError(
        system: error as? Errno ?? .ioError, operation: output.operation, subject: output.path.shown)
    }
    try output.publish(&file)
    return notes
  }
}

extension BuildOutput {
  /// Where something patched goes.
  init(
    _ content: Content, to destination: ImagePatcher.Destination, insteadOf path: FilePath,
    read: FileIdentity?
  ) {
    switch destination {
    case .file(let path, let overwrite):
      self.init(path: path, place: .file(overwrite: overwrite), content: content, operation: "patch")
    case .inPlace:
      self.init(path: path, place: .inPlace(read: read), content: content, operation: "patch")
    }
  }

  /// Refuses a manifest that no reader would take, and tells what was noticed in it.
  static func check(
    _ manifest: [UInt8], of path: FilePath, _ limits: ArchiveLimits
  ) throws(BuildError) -> [BuildDiagnostic] {
    do {
      let limits = JSONLimits(bytes: limits.manifestBytes)
      return try ImageManifest.read(manifest, mode: .tolerant, limits: limits).diagnostics
        .map(BuildDiagnostic.init(manifest:))
    } catch {
      throw BuildError(
        .invalidManifest, operation: "patch", subject: path.shown,
        detail: "the new manifest is not valid: \(error)", cause: error)
    }
  }
}
