import ACIArchive
public import AppcSchema
public import SystemPackage

/// A manifest of any version since 0.1.1, and the same as one of today's.
public struct ManifestUpgrade: Sendable {
  /// Today's document: the old one's text with what had to change laid over it.
  ///
  /// Nil when the old document could not be read.
  public let bytes: [UInt8]?
  /// What was noticed in the old document: what was converted, and where it departs from the specification; with
  /// errors among it when it could not be read.
  public let notes: [ValidationFinding]
  /// What keeps today's document from being one of the specification to the letter.
  ///
  /// Such content cannot be converted without a decision of somebody's.
  public let remaining: [ValidationFinding]
  /// Which file the old document is from, if from one.
  private var file: FileIdentity?

  /// Whether there is a document that strict validation takes.
  public var isComplete: Bool { bytes != nil && remaining.isEmpty }

  /// Upgrades an image manifest, a pod manifest or a ContainerRuntimeManifest.
  ///
  /// A pod's mounts of 0.6.1 and earlier name mount points instead of paths. They get the path that the app has for
  /// it: the app of the pod manifest, or that of the image.
  ///
  /// - Parameter image: the manifest of an app's image, nil when it is not at hand.
  public init(
    _ old: [UInt8], limits: JSONLimits = .default, image: (RuntimeApp) -> ImageManifest? = { _ in nil }
  ) {
    let before = ManifestExamination(old, mode: .tolerant, limits: limits)
    notes = before.findings
    switch (before.image, before.pod) {
    case (let image?, _): bytes = image.upgraded().serialized()
    case (nil, let pod?): bytes = pod.resolvingMountPoints(image: image).upgraded().serialized()
    case (nil, nil): bytes = nil
    }
    remaining = bytes.map { Self.errors(in: $0, limits) } ?? []
  }

  /// What strict validation refuses in a document that was made here, which may be larger than the old one.
  private static func errors(in bytes: [UInt8], _ limits: JSONLimits) -> [ValidationFinding] {
    let limits = JSONLimits(bytes: .max, depth: limits.depth, values: .max)
    let findings = ManifestExamination(bytes, mode: .strict, limits: limits).findings
    return findings.filter { $0.severity == .error }
  }
}

extension ManifestUpgrade {
  /// Upgrades the manifest in a file.
  ///
  /// - Throws: ``EngineError`` when the file cannot be read, is no regular file, or is larger than the limit.
  public init(
    of file: FilePath, limits: JSONLimits = .default, image: (RuntimeApp) -> ImageManifest? = { _ in nil }
  ) throws(EngineError) {
    try self.init(try ArtifactFile(opening: file), limits, image)
  }

  /// Upgrades the manifest that comes from an open file or a pipe, read to its end.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: ``EngineError`` when it cannot be read or is larger than the limit.
  public init(
    of descriptor: FileDescriptor, name: String, limits: JSONLimits = .default,
    image: (RuntimeApp) -> ImageManifest? = { _ in nil }
  ) throws(EngineError) {
    try self.init(try ArtifactFile(reading: descriptor, name: name), limits, image)
  }

  private init(
    _ artifact: borrowing ArtifactFile, _ limits: JSONLimits, _ image: (RuntimeApp) -> ImageManifest?
  ) throws(EngineError) {
    guard !artifact.isDirectory else {
      throw EngineError(
        .invalidRequest, "reading", artifact.name, detail: "it is a directory; give a manifest")
    }
    guard let old = try artifact.identifiedManifest(limit: limits.bytes) else {
      throw EngineError(
        .invalidRequest, "reading", artifact.name, detail: "it is larger than \(limits.bytes) bytes")
    }
    self.init(old.bytes, limits: limits, image: image)
    file = old.file
  }

  /// Writes today's document to a new file; does nothing when there is none.
  ///
  /// Atomic: the file appears when it is complete and synced, or not at all.
  ///
  /// - Throws: ``EngineError`` when it cannot be written, or is there and not to be replaced.
  public func write(to file: FilePath, overwrite: Bool = false) throws(EngineError) {
    try put(file) { () throws(Errno) in
      var output = try OutputFile(at: file)
      try output.write(bytes ?? [])
      try output.publish(overwrite: overwrite)
    }
  }

  /// Writes today's document in the place of a file, with its owner and permissions; does nothing when there is
  /// none.
  ///
  /// Atomic. What a link leads to is replaced, if it is the file that was read.
  ///
  /// - Throws: ``EngineError`` when it cannot be written, or is another file than the one that was read.
  public func replace(_ file: FilePath) throws(EngineError) {
    try put(file) { () throws(Errno) in
      var output = try OutputFile.replacing(file, read: self.file)
      try output.write(bytes ?? [])
      try output.publish(overwrite: true)
    }
  }

  private func put(_ file: FilePath, _ body: () throws(Errno) -> Void) throws(EngineError) {
    guard bytes != nil else { return }
    do throws(Errno) {
      try body()
    } catch .fileExists {
      throw EngineError(.invalidRequest, "writing", file.shown, detail: "it exists (use --overwrite)")
    } catch .staleNFSFileHandle {
      throw EngineError(
        .invalidRequest, "writing", file.shown, detail: "it has changed since it was read: run this again")
    } catch {
      throw EngineError(.invalidRequest, "writing", file.shown, errno: error)
    }
  }
}

extension OutputFile {
  fileprivate mutating func write(_ bytes: [UInt8]) throws(Errno) {
    do {
      _ = try descriptor.writeAll(bytes)
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}
