import ACIArchive
public import ACIBuild
public import ACIStore
public import AppcSchema
import Glibc
import Logging
public import SystemPackage

extension Engine {
  /// Imports an image file.
  ///
  /// Atomic and idempotent: an image that is there already stays as it is.
  ///
  /// - Throws: ``EngineError`` with `.store`; nothing of the image is left.
  public func importImage(_ file: FilePath) throws(EngineError) -> ImportedImage {
    try Self.within(.store) { () throws(StoreError) in
      try store.importImage(from: file, options: ImportOptions(origin: file.string))
    }
  }

  /// The ID of an image: a file is imported first, everything else must be in the store.
  ///
  /// - Throws: ``EngineError`` with `.store`.
  public func imageID(of argument: ImageArgument) throws(EngineError) -> ImageID {
    switch argument {
    case .file(let path): return try importImage(path).record.id
    case .stored(let reference):
      return try Self.within(.store) { () throws(StoreError) in try store.resolve(reference) }
    }
  }

  /// An image's manifest, and its bytes as they are in the image.
  ///
  /// - Throws: ``EngineError`` with `.image` or `.store`.
  public func manifest(of argument: ImageArgument) throws(EngineError) -> (
    manifest: ImageManifest, bytes: [UInt8]
  ) {
    switch argument {
    case .file(let path):
      return try Self.within(.image) { () throws(ArchiveError) in
        try Archive.manifest(try ByteSource(opening: path))
      }
    case .stored(let reference):
      return try Self.within(.store) { () throws(StoreError) in
        try store.manifest(of: try store.resolve(reference))
      }
    }
  }

  /// Extracts one image, without its dependencies, to a directory that must not exist.
  ///
  /// Atomic: when it throws, nothing is left.
  ///
  /// - Parameter rootfsOnly: whether `destination` becomes the root file system itself, without a manifest.
  /// - Throws: ``EngineError`` with `.image` or `.store`.
  public func extract(
    _ argument: ImageArgument, to destination: FilePath, rootfsOnly: Bool = false
  ) throws(EngineError) {
    guard case .stored(let reference) = argument else {
      if case .file(let path) = argument {
        try Self.extract(path, to: destination, rootfsOnly: rootfsOnly)
      }
      return
    }
    let outcome = try Self.within(.store) { () throws(StoreError) in
      try store.withBlob(of: try store.resolve(reference)) { blob throws(ArchiveError) in
        try Extraction(to: destination, rootfsOnly: rootfsOnly).extract(
          ByteSource(blob, name: "\(reference)"))
      }
    }
    try Self.within(.image) { () throws(ArchiveError) in try outcome.get() }
  }

  /// Extracts an image file, without a data directory.
  public static func extract(
    _ file: FilePath, to destination: FilePath, rootfsOnly: Bool = false
  ) throws(EngineError) {
    try within(.image) { () throws(ArchiveError) in
      try Extraction(to: destination, rootfsOnly: rootfsOnly).extract(try ByteSource(opening: file))
    }
  }

  /// Writes an image's uncompressed tar to a file, byte for byte as it was imported.
  ///
  /// Atomic.
  ///
  /// - Throws: ``EngineError`` with `.store`.
  public func export(
    _ argument: ImageArgument, to output: FilePath, overwrite: Bool = false
  ) throws(EngineError) {
    let id = try imageID(of: argument)
    try Self.within(.store) { () throws(StoreError) in try store.export(id, to: output, overwrite: overwrite)
    }
  }

  /// The images of the store, in no order.
  ///
  /// - Throws: ``EngineError`` with `.store`.
  public func images() throws(EngineError) -> [ImageRecord] {
    try Self.within(.store) { () throws(StoreError) in try store.images() }
  }

  /// Removes an image from the store; running pods keep their own trees.
  ///
  /// - Returns: its ID.
  /// - Throws: ``EngineError`` with `.store`.
  public func removeImage(_ argument: ImageArgument) throws(EngineError) -> ImageID {
    guard case .stored(let reference) = argument else {
      throw EngineError(
        .invalidRequest, "removing", "an image file",
        detail: "name an image of the store; see appc image list")
    }
    return try Self.within(.store) { () throws(StoreError) in
      let id = try store.resolve(reference)
      try store.remove(id)
      return id
    }
  }

  /// Builds an image from a directory that holds `manifest` and `rootfs`.
  ///
  /// - Throws: ``EngineError`` with `.build`; an output that was there is as it was.
  public func build(
    _ directory: FilePath, to output: FilePath, options: ImageBuilder.Options = .init()
  ) throws(EngineError) -> BuiltImage {
    try Self.build(directory, to: output, options: options)
  }

  /// The same without a data directory.
  public static func build(
    _ directory: FilePath, to output: FilePath, options: ImageBuilder.Options = .init()
  ) throws(EngineError) -> BuiltImage {
    try within(.build) { () throws(BuildError) in
      try ImageBuilder(directory: directory, options: options).build(to: output)
    }
  }
}
