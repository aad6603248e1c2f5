import ACIArchive
import ACIStore
import AppcSchema
public import SystemPackage

extension Engine {
  /// Extracts one image, without its dependencies, to a directory.
  ///
  /// Atomic: it appears when the image was read to its end and found valid; when this throws, nothing is left and
  /// what was at `destination` is as it was. The directory is the caller's, mode 0700, with `manifest` and `rootfs`
  /// in it, or is the root file system. Blocks; nothing is synced.
  ///
  /// - Throws: ``EngineError`` with `.image` or `.store`.
  @discardableResult
  public func extract(
    _ argument: ImageArgument, to destination: FilePath, options: ImageExtractionOptions = .init()
  ) throws(EngineError) -> ExtractedImage {
    switch argument {
    case .file(let path): return try Self.extract(path, to: destination, options: options)
    case .stored(let reference):
      let outcome = try Self.within(.store) { () throws(StoreError) in
        let id = try store.resolve(reference)
        return try store.withBlob(of: id) { blob throws(ArchiveError) in
          try Extraction(destination: destination, options: options)
            .extract(ByteSource(blob, name: "\(reference)"), expecting: id)
        }
      }
      return try Self.within(.image) { () throws(ArchiveError) in try outcome.get() }
    }
  }

  /// The same of an image file, without a data directory.
  @discardableResult
  public static func extract(
    _ file: FilePath, to destination: FilePath, options: ImageExtractionOptions = .init()
  ) throws(EngineError) -> ExtractedImage {
    try within(.image) { () throws(ArchiveError) in
      try Extraction(destination: destination, options: options).extract(try ByteSource(opening: file))
    }
  }

  /// The same of what comes from an open file or a pipe, from where it stands to its end; it stays open.
  ///
  /// - Parameter name: what messages call it.
  @discardableResult
  public static func extract(
    _ descriptor: FileDescriptor, name: String, to destination: FilePath,
    options: ImageExtractionOptions = .init()
  ) throws(EngineError) -> ExtractedImage {
    try within(.image) { () throws(ArchiveError) in
      try Extraction(destination: destination, options: options).extract(ByteSource(descriptor, name: name))
    }
  }
}
