public import SystemPackage

extension Engine {
  /// Validates a manifest, a layout directory or an image, whichever the file is.
  ///
  /// An image is read to its last byte: the stream, every entry, the manifest; its ID is computed. A layout is
  /// read as for building. No data directory is needed and nothing is written. Blocks. A file that is not valid
  /// is no error here: the report says what is wrong with it.
  ///
  /// - Throws: ``EngineError`` when the file cannot be read: it does not exist, or is a pipe or a device.
  public static func validate(
    _ file: FilePath, options: ValidationOptions = .init()
  ) throws(EngineError) -> ValidationReport {
    try Validation(try ArtifactFile(opening: file), file: file.string, options: options).report
  }

  /// Validates what comes from an open file or a pipe: a manifest, or what `options.type` says.
  ///
  /// Read to its end; the caller keeps the descriptor open meanwhile and closes it afterwards.
  ///
  /// - Parameter name: what the report calls it.
  /// - Throws: ``EngineError`` when it cannot be read.
  public static func validate(
    _ descriptor: FileDescriptor, name: String, options: ValidationOptions = .init()
  ) throws(EngineError) -> ValidationReport {
    let artifact = try ArtifactFile(reading: descriptor, name: name)
    return try Validation(artifact, file: name, options: options).report
  }
}
