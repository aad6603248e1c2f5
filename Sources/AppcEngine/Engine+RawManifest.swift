import ACIArchive
import AppcSchema
public import SystemPackage

extension Engine {
  /// The manifest in an image, in a layout directory or in a file of its own, as it stands, valid or not.
  ///
  /// An image is read no further than to its manifest, past entries that break a rule. No data directory is
  /// needed. Blocks.
  ///
  /// - Throws: ``EngineError`` when there is no manifest to be had.
  public static func rawManifest(of file: FilePath) throws(EngineError) -> RawManifest {
    try rawManifest(try ArtifactFile(opening: file))
  }

  /// The manifest that comes from an open file or a pipe, read to its end.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: ``EngineError`` when it cannot be read.
  public static func rawManifest(
    of descriptor: FileDescriptor, name: String
  ) throws(EngineError) -> RawManifest {
    try rawManifest(try ArtifactFile(reading: descriptor, name: name))
  }

  private static func rawManifest(_ artifact: consuming ArtifactFile) throws(EngineError) -> RawManifest {
    let type = try artifact.typeByLooking()
    if type == .image { return try manifest(inImage: artifact) }
    let limits = ArchiveLimits.default.manifestBytes
    guard let bytes = try artifact.manifestBytes(limit: limits) else {
      throw EngineError(
        .image, "reading", artifact.name, detail: "its manifest is larger than \(limits) bytes")
    }
    do throws(SchemaError) {
      let kind = if type == .layout { ACKind.imageManifest } else { try ManifestExamination.kind(of: bytes) }
      switch kind {
      case .imageManifest: _ = try ImageManifest.read(bytes)
      case .podManifest: _ = try PodManifest.read(bytes)
      }
      return RawManifest(bytes: bytes)
    } catch {
      var error = error
      error.subject = "the manifest \(artifact.name)"
      return RawManifest(bytes: bytes, problem: EngineError(.image, error))
    }
  }

  private static func manifest(inImage artifact: consuming ArtifactFile) throws(EngineError) -> RawManifest {
    let name = artifact.name
    do throws(ArchiveError) {
      var first: ArchiveError?
      var reader = try ArchiveReader(artifact.imageSource(named: name), options: .init(hashing: false))
      while reader.manifestBytes == nil {
        do throws(ArchiveError) {
          guard try reader.next() != nil else { break }
        } catch {
          first = first ?? error
          guard reader.canContinue else { break }
        }
      }
      guard let bytes = reader.manifestBytes else {
        throw first
          ?? ArchiveError(
            .invalidLayout, operation: "read image", subject: name,
            detail: "it has no entry \"manifest\" (B3)")
      }
      return RawManifest(bytes: bytes, problem: first.map { EngineError(.image, $0) })
    } catch {
      throw EngineError(.image, error)
    }
  }
}
