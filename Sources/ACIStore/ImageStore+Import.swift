public import ACIArchive
public import AppcSchema
public import SystemPackage

/// How an image is imported.
public struct ImportOptions: Sendable {
  /// What the image may cost.
  public var limits: ArchiveLimits
  /// Whether it is the newest version of its name, found by a name without a version.
  public var isLatest: Bool
  /// Where it came from, for people: a URL or a path.
  public var origin: String?
  /// The ID it must have; anything else is refused.
  public var expectedID: ImageID?
  /// Whether an image that stands alone, without dependencies and whitelist, is rendered too: while it is read.
  ///
  /// The tree appears after the image. If nothing but its appearing fails, the image stays.
  public var rendersTree: Bool
  /// Called after each block with what was read so far, which never falls.
  ///
  /// What it throws ends the import, which then leaves nothing: the place to look for cancellation.
  public var progress: (@Sendable (ArchiveProgress) throws -> Void)?

  /// Makes options; each left out has its usual value.
  public init(
    limits: ArchiveLimits = .default, isLatest: Bool = false, origin: String? = nil,
    expectedID: ImageID? = nil, rendersTree: Bool = false,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) {
    self.limits = limits
    self.isLatest = isLatest
    self.origin = origin
    self.expectedID = expectedID
    self.rendersTree = rendersTree
    self.progress = progress
  }
}

/// What an import gave.
public struct ImportedImage: Sendable {
  /// The image as the store has it now.
  public let record: ImageRecord
  /// What was found while it was read.
  public let summary: ArchiveSummary
  /// Whether the store had the image before.
  public let wasPresent: Bool
  /// Its tree, if that was asked for and the image stands alone; lease it before you use it.
  public fileprivate(set) var tree: RenderedTree?
}

extension ImageStore {
  /// Reads the image in `file` to its end, checks it, and adds it to the store.
  ///
  /// Reads the file once. The image appears when all of it is checked and on the disk, or not at all. Idempotent:
  /// importing an image again changes nothing but its last use, except that `isLatest` makes it the newest
  /// version from now on. Blocks; writes at most the size of the uncompressed image.
  ///
  /// Throws `refused` with the rule that the image breaks as `cause`, `diskFull`, `stopped`, or `system`.
  public func importImage(
    from file: FilePath, options: ImportOptions = ImportOptions()
  ) throws(StoreError) -> ImportedImage {
    let source: ByteSource
    do {
      source = try ByteSource(opening: file)
    } catch {
      throw StoreError(error, operation: "import", subject: file.shown)
    }
    return try importImage(source, named: file.shown, options)
  }

  /// Reads an image from `descriptor`, from where it stands to the end, and adds it to the store.
  ///
  /// As `importImage(from:options:)` for a path; the descriptor stays open. It may be a pipe.
  public func importImage(
    from descriptor: FileDescriptor, options: ImportOptions = ImportOptions()
  ) throws(StoreError) -> ImportedImage {
    let name = "descriptor \(descriptor.rawValue)"
    return try importImage(ByteSource(descriptor, name: name), named: name, options)
  }

  /// Adds an image that lies in memory; as `importImage(from:options:)` for a path.
  public func importImage(
    _ bytes: [UInt8], options: ImportOptions = ImportOptions()
  ) throws(StoreError) -> ImportedImage {
    try importImage(ByteSource(bytes, name: "image in memory"), named: "image in memory", options)
  }

  private func importImage(
    _ source: consuming ByteSource, named name: String, _ options: ImportOptions
  ) throws(StoreError) -> ImportedImage {
    let blob = try PendingFile(for: "import", name, in: root)
    var speculation = options.rendersTree ? try SpeculativeTree(root, for: name) : nil
    let summary = try readThrough(source, into: blob.descriptor, &speculation, named: name, options)
    if let expected = options.expectedID, expected != summary.imageID {
      throw StoreError(
        .refused, operation: "import", subject: name,
        detail:
          "its ID is \(summary.imageID), not \(expected): it is another image, or was changed on the way")
    }
    let tree = tree(
      TreeID(ofAlone: summary.imageID), of: summary.imageID, summary.manifest, summary.manifestBytes)
    let rendering = try speculation?.finish(tree, for: name)
    let (record, wasPresent) = try commit(blob, summary, named: name, options)
    var image = ImportedImage(record: record, summary: summary, wasPresent: wasPresent)
    if let rendering {
      image.tree = try publish(rendering, tree)
    } else if options.rendersTree, summary.manifest.standsAlone {
      image.tree = try render(record.id)
    }
    return image
  }

  /// One pass: decompress, check, hash, and write each block as it comes, with the files that are in it.
  private func readThrough(
    _ source: consuming ByteSource, into blob: Int32, _ tree: inout SpeculativeTree?, named name: String,
    _ options: ImportOptions
  ) throws(StoreError) -> ArchiveSummary {
    let writer = BlobWriter(blob)
    let sink: ArchiveReader.Sink = { bytes in try writer.write(bytes) }
    do {
      var reader = try ArchiveReader(
        source, options: .init(limits: options.limits, sink: sink, progress: options.progress))
      while let entry = try reader.next() {
        if tree != nil, entry.path == .manifest, let (manifest, bytes) = reader.manifest,
          !isWorthMaking(manifest, bytes)
        {
          tree = nil
        }
        try tree?.extract(entry, content: &reader)
      }
      return try reader.finish()
    } catch {
      throw StoreError(error, operation: "import", subject: name)
    }
  }

  /// Whether an image's tree can be made from it alone, and is probably not there yet.
  ///
  /// Which image it is shows at the end only; but one with the very same manifest is most likely the same, run again.
  private func isWorthMaking(_ manifest: ImageManifest, _ bytes: [UInt8]) -> Bool {
    guard manifest.standsAlone else { return false }
    let alike = (try? images(named: manifest.name)) ?? []
    return !alike.contains { image in
      Kernel.exists(root.descriptor, StoreLayout.tree(TreeID(ofAlone: image.id)))
        && (try? root.contents(of: StoreLayout.manifest(image.id), limit: bytes.count)) == bytes
    }
  }
}
