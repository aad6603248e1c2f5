import ACIArchive
public import AppcSchema
public import SystemPackage

extension ImageStore {
  /// Writes an image to a file: the uncompressed tar, byte for byte as it was imported.
  ///
  /// The file appears whole or not at all, with mode 0644 less the umask. Throws `exists` when something is there
  /// and `overwrite` is off, `notFound`, `diskFull`.
  public func export(_ id: ImageID, to path: FilePath, overwrite: Bool = false) throws(StoreError) {
    let blob = try openBlob(id, for: "export")
    if !overwrite, Kernel.exists(Kernel.workingDirectory, path) { throw StoreError.outputExists(path) }
    do {
      var output = try OutputFile(at: path)
      try Kernel.copyAll(from: blob.descriptor.rawValue, to: output.descriptor.rawValue)
      try output.publish(overwrite: overwrite)
    } catch .fileExists {
      throw StoreError.outputExists(path)
    } catch {
      throw StoreError(system: error, operation: "export", subject: path.shown)
    }
    touch(id)
  }
}

extension StoreError {
  fileprivate static func outputExists(_ path: FilePath) -> StoreError {
    StoreError(
      .exists, operation: "export", subject: path.shown, detail: "it exists (use --overwrite)",
      errno: .fileExists)
  }
}
