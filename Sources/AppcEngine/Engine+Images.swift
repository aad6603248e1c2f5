public import ACIArchive
public import ACIBuild
public import ACIStore
public import AppcSchema
import Glibc
import Logging
public import SystemPackage

extension Engine {
  /// Imports an image file.
  ///
  /// Atomic and idempotent: an image that is there already stays as it is. Where the options name no origin, it is
  /// the file.
  ///
  /// - Throws: ``EngineError`` with `.store`; nothing of the image is left.
  public func importImage(
    _ file: FilePath, options: ImportOptions = .init()
  ) throws(EngineError) -> ImportedImage {
    var options = options
    options.origin = options.origin ?? Self.absolute(file).string
    return try Self.within(.store) { () throws(StoreError) in
      try store.importImage(from: file, options: options)
    }
  }

  /// Imports what comes from an open file or a pipe, from where it stands to its end; it stays open.
  ///
  /// - Throws: ``EngineError`` with `.store`; nothing of the image is left.
  public func importImage(
    from descriptor: FileDescriptor, options: ImportOptions = .init()
  ) throws(EngineError) -> ImportedImage {
    try Self.within(.store) { () throws(StoreError) in
      try store.importImage(from: descriptor, options: options)
    }
  }

  /// A path that still means the same tomorrow.
  private static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative, let directory = getcwd(nil, 0) else { return path }
    defer { free(directory) }
    return FilePath(platformString: directory).pushing(path).lexicallyNormalized()
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
    case .file(let path): return try Self.manifest(ofFile: path)
    case .stored(let reference):
      return try Self.within(.store) { () throws(StoreError) in
        try store.manifest(of: try store.resolve(reference))
      }
    }
  }

  /// The same of an image file, without a data directory; it is read no further than its manifest.
  ///
  /// - Throws: ``EngineError`` with `.image`.
  public static func manifest(
    ofFile file: FilePath, limits: ArchiveLimits = .default
  ) throws(EngineError) -> (manifest: ImageManifest, bytes: [UInt8]) {
    try within(.image) { () throws(ArchiveError) in
      try Archive.manifest(try ByteSource(opening: file), options: .init(limits: limits))
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
    let id = try storedID(of: argument, "removing")
    try Self.within(.store) { () throws(StoreError) in try store.remove(id) }
    return id
  }

  /// The ID of an image that must be in the store already.
  func storedID(of argument: ImageArgument, _ operation: String) throws(EngineError) -> ImageID {
    switch argument {
    case .stored(let reference):
      return try Self.within(.store) { () throws(StoreError) in try store.resolve(reference) }
    case .file(let path):
      throw EngineError(
        .invalidRequest, operation, path.shown,
        detail: "it is a file; name an image of the store, see appc image list")
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
