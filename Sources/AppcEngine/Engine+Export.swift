public import ACIArchive
import ACIStore
public import AppcSchema
public import SystemPackage

extension Engine {
  /// Writes a stored image's uncompressed tar to a file, byte for byte as it was imported.
  ///
  /// Atomic. `progress` is called after each block; what it throws ends the export, which then leaves nothing.
  ///
  /// - Returns: the image's ID.
  /// - Throws: ``EngineError`` with `.store`, or `.invalidRequest` for an image that is a file.
  @discardableResult
  public func export(
    _ argument: ImageArgument, to output: FilePath, overwrite: Bool = false,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) throws(EngineError) -> ImageID {
    let id = try storedID(of: argument, "exporting")
    try Self.within(.store) { () throws(StoreError) in
      try store.export(id, to: output, overwrite: overwrite, progress: progress)
    }
    return id
  }

  /// The same to an open file or a pipe, from where it stands; it stays open.
  ///
  /// Not atomic: whoever reads the pipe has to look at how this ends.
  @discardableResult
  public func export(
    _ argument: ImageArgument, to descriptor: FileDescriptor,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) throws(EngineError) -> ImageID {
    let id = try storedID(of: argument, "exporting")
    try Self.within(.store) { () throws(StoreError) in
      try store.export(id, to: descriptor, progress: progress)
    }
    return id
  }
}
