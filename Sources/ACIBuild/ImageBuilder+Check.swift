public import AppcSchema
import ACIArchive
import Glibc
import SystemPackage

/// What a layout is found to be without anything being written.
public struct CheckedLayout: Sendable {
  /// The identity of the image that the layout makes.
  public let imageID: ImageID
  /// The manifest's bytes, which were not looked into.
  public let manifestBytes: [UInt8]
  /// Entries, the manifest included.
  public let entries: Int
  /// What would be left out, in the order of the walk.
  public let diagnostics: [BuildDiagnostic]
}

extension ImageBuilder {
  /// Reads the layout as `build` does and tells what it would refuse, but for what the manifest says.
  ///
  /// Nothing is written and `options.overwrite` does not count; the whole tree is read. Blocks.
  ///
  /// Throws `badLayout`, `changed`, `refused`, `system`, and `invalidManifest` for a manifest that is larger
  /// than the limits allow.
  public func check() throws(BuildError) -> CheckedLayout {
    let source = try BuildSource(opening: directory)
    let manifest = try source.manifestBytes(limit: options.limits.manifestBytes)
    let nowhere = try at("/dev/null") { () throws(Errno) in
      try Kernel.open(Kernel.workingDirectory, "/dev/null", O_WRONLY)
    }
    var uncompressed = self
    uncompressed.options.compression = .none
    var diagnostics: [BuildDiagnostic] = []
    let written = try uncompressed.write(source, manifest, to: nowhere.descriptor, &diagnostics)
    return CheckedLayout(
      imageID: written.imageID, manifestBytes: manifest, entries: written.entryCount,
      diagnostics: diagnostics)
  }
}
