public import ACIArchive
public import ACIBuild
import AppcSchema
public import SystemPackage

/// The manifest in an image, in a layout directory or in a file of its own, opened to be replaced by another one.
///
/// ```swift
/// let file = try EditableManifest(opening: "app.aci")
/// var manifest = try ImageManifest.read(file.bytes).value
/// manifest.labels["version"] = "1.3"
/// let patched = try file.write(manifest.serialized(), to: .inPlace)
/// ```
public struct EditableManifest: ~Copyable, Sendable {
  /// Where it goes: a file, or the place where it was found.
  ///
  /// Of a layout the file gets the manifest alone.
  public typealias Destination = ImagePatcher.Destination

  /// What holds the manifest.
  public let type: ArtifactType
  /// The manifest as it stands, valid or not.
  public let bytes: [UInt8]
  /// The file that holds the manifest.
  private let path: FilePath
  private let image: ImagePatcher?
  /// The file as it was read, where it is not in an image.
  private let read: FileIdentity?

  /// Opens what holds a manifest, by the look of it, and reads the manifest.
  ///
  /// An image is read no further than to its manifest. Blocks.
  ///
  /// - Throws: ``EngineError`` when there is no manifest to be had, with `.build` for an image.
  public init(opening path: FilePath) throws(EngineError) {
    let artifact = try ArtifactFile(opening: path)
    let type = try artifact.typeByLooking()
    guard type != .image else {
      do throws(BuildError) {
        let image = try ImagePatcher(opening: path)
        let bytes = image.manifestBytes
        self.init(type, bytes, path, consume image, nil)
      } catch {
        throw EngineError(.build, error)
      }
      return
    }
    let limit = ArchiveLimits.default.manifestBytes
    guard let (bytes, read) = try artifact.identifiedManifest(limit: limit) else {
      throw EngineError(
        .invalidRequest, "reading", artifact.name, detail: "its manifest is larger than \(limit) bytes")
    }
    self.init(type, bytes, type == .layout ? path.appending("manifest") : path, nil, read)
  }

  private init(
    _ type: ArtifactType, _ bytes: [UInt8], _ path: FilePath, _ image: consuming ImagePatcher?,
    _ read: FileIdentity?
  ) {
    self.type = type
    self.bytes = bytes
    self.path = path
    self.image = image
    self.read = read
  }

  /// Puts another manifest in the place of this one.
  ///
  /// Atomic: the output appears when it is complete and synced, or not at all. Blocks.
  ///
  /// - Parameter compression: of an image; nil compresses as it was.
  /// - Returns: the new image; nil for a layout and a manifest.
  /// - Throws: ``EngineError`` with `.build`; what was there is as it was.
  @discardableResult
  public func write(
    _ manifest: [UInt8], to destination: Destination, compression: OutputCompression? = nil
  ) throws(EngineError) -> BuiltImage? {
    switch image {
    case .some(let image):
      return try Engine.within(.build) { () throws(BuildError) in
        try image.write(manifest, to: destination, compression: compression)
      }
    case nil:
      try Engine.within(.build) { () throws(BuildError) in
        _ = try ManifestFile.write(manifest, to: destination, insteadOf: path, read: read)
      }
      return nil
    }
  }
}
