public import ACIArchive
import AppcSchema
import Glibc
public import SystemPackage

/// An image file that is to get another manifest, all else staying as it is.
///
/// ```swift
/// let patcher = try ImagePatcher(opening: "app.aci")
/// var manifest = try ImageManifest.read(patcher.manifestBytes).value
/// manifest.labels["version"] = "1.3"
/// let patched = try patcher.write(manifest.serialized(), to: .file("app-1.3.aci"))
/// ```
///
/// The image is opened once. Only its manifest is read at first; the rest is read, checked and copied by
/// `write(_:to:compression:)`.
public struct ImagePatcher: ~Copyable, Sendable {
  /// Where the new image goes.
  public enum Destination: Hashable, Sendable {
    /// A file, whose name must end in `.aci` (B1).
    case file(FilePath, overwrite: Bool = false)
    /// The place of the image itself, with its owner and permissions; what a link leads to is replaced.
    case inPlace
  }

  /// The image.
  public let path: FilePath
  /// How the image is compressed.
  public let compression: Compression
  /// The manifest as it stands in the image, valid or not.
  public let manifestBytes: [UInt8]
  let limits: ArchiveLimits
  let file: OwnedDescriptor
  /// What the file was when its manifest was read.
  let status: SourceStatus

  /// Opens an image and reads it up to its manifest, which may stand at the end (B12).
  ///
  /// A file that is not regular is refused, not waited for. Blocks.
  ///
  /// Throws `refused` for what is no image or has no manifest, with the archive's error as the cause; `system`.
  public init(opening path: FilePath, limits: ArchiveLimits = .default) throws(BuildError) {
    let file = try Self.open(path)
    let status = try at(path, operation: "patch") { () throws(Errno) in try Kernel.status(file) }
    guard status.kind == .regular else {
      throw BuildError(
        .refused, operation: "patch", subject: path.shown, detail: "it is not a regular file; give an image")
    }
    do throws(ArchiveError) {
      let source = ByteSource(file.descriptor, name: "")
      var reader = try ArchiveReader(source, options: .init(limits: limits, hashing: false))
      let manifest = try Self.manifest(&reader)
      self.init(path, reader.compression, manifest, limits, file, status)
    } catch {
      throw BuildError(patching: path, error)
    }
  }

  private init(
    _ path: FilePath, _ compression: Compression, _ manifestBytes: [UInt8], _ limits: ArchiveLimits,
    _ file: consuming OwnedDescriptor, _ status: SourceStatus
  ) {
    self.path = path
    self.compression = compression
    self.manifestBytes = manifestBytes
    self.limits = limits
    self.file = file
    self.status = status
  }

  /// Blocks for no peer: a pipe or a device is refused, not waited for.
  private static func open(_ path: FilePath) throws(BuildError) -> OwnedDescriptor {
    try at(path, operation: "patch") { () throws(Errno) in
      let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
      return OwnedDescriptor(taking: try Kernel.glibc(path) { Glibc.open($0, flags) })
    }
  }

  /// An invalid manifest is as good as any here: it may be there to be replaced.
  private static func manifest(_ reader: inout ArchiveReader) throws(ArchiveError) -> [UInt8] {
    while reader.manifestBytes == nil {
      do throws(ArchiveError) {
        // At the end the rules have found a manifest.
        guard try reader.next() != nil else { break }
      } catch {
        guard error.code == .invalidManifest, reader.canContinue else { throw error }
      }
    }
    return reader.manifestBytes ?? []
  }
}

extension BuildError {
  /// The error for an image that cannot be read.
  init(patching path: FilePath, _ error: ArchiveError) {
    if let errno = error.errno {
      self.init(system: errno, operation: "patch", subject: path.shown)
    } else {
      self.init(.refused, operation: "patch", subject: path.shown, detail: "\(error)", cause: error)
    }
  }
}
