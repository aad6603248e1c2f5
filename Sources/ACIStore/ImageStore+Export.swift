public import ACIArchive
public import AppcSchema
public import SystemPackage

extension ImageStore {
  /// Writes an image to a file: the uncompressed tar, byte for byte as it was imported.
  ///
  /// The file appears whole or not at all, with mode 0644 less the umask. `progress` is called after each block; what
  /// it throws ends the export. Throws `exists` when something is there and `overwrite` is off, `notFound`,
  /// `diskFull`, `stopped`.
  public func export(
    _ id: ImageID, to path: FilePath, overwrite: Bool = false,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) throws(StoreError) {
    let blob = try openBlob(id, for: "export")
    if !overwrite, Kernel.exists(Kernel.workingDirectory, path) { throw StoreError.outputExists(path) }
    var output = try attempting("export", path.shown) { () throws(Errno) in try OutputFile(at: path) }
    try copy(blob, to: output.descriptor, named: path.shown, progress)
    do {
      try output.publish(overwrite: overwrite)
    } catch .fileExists {
      throw StoreError.outputExists(path)
    } catch {
      throw StoreError(system: error, operation: "export", subject: path.shown)
    }
    touch(id)
  }

  /// Writes an image to an open file, pipe or socket, from where it stands; the descriptor stays open.
  ///
  /// Not atomic: a reader has to be told how this ended. Throws `notFound`, `diskFull`, `stopped`.
  public func export(
    _ id: ImageID, to descriptor: FileDescriptor,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) throws(StoreError) {
    let blob = try openBlob(id, for: "export")
    try copy(blob, to: descriptor, named: id.short, progress)
    touch(id)
  }

  private func copy(
    _ blob: borrowing FileLock, to target: FileDescriptor, named name: String,
    _ progress: (@Sendable (ArchiveProgress) throws -> Void)?
  ) throws(StoreError) {
    let source = blob.descriptor.rawValue
    let total = try attempting("export", name) { () throws(Errno) in try Kernel.status(source).bytes }
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var copied: Int64 = 0
    while true {
      let count = try attempting("export", name) { () throws(Errno) in
        try Kernel.copyBlock(from: source, at: copied, to: target.rawValue, through: &block)
      }
      if count == 0 { return }
      copied += Int64(count)
      do {
        try progress?(
          ArchiveProgress(storedBytes: copied, totalStoredBytes: total, expandedBytes: copied))
      } catch {
        throw StoreError(.stopped, operation: "export", subject: name, detail: "it was stopped", cause: error)
      }
    }
  }
}

extension StoreError {
  fileprivate static func outputExists(_ path: FilePath) -> StoreError {
    StoreError(
      .exists, operation: "export", subject: path.shown, detail: "it exists (use --overwrite)",
      errno: .fileExists)
  }
}
