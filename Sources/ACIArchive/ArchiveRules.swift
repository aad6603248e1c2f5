/// Every structural rule of an image in one place (B2 to B5): whatever reads, lists, imports, extracts or
/// writes images passes each entry through it, in the order of the archive, so that no two of them can
/// disagree.
public struct ArchiveRules: Sendable {
  /// What the image may cost.
  public let limits: ArchiveLimits
  /// Entries admitted so far.
  public private(set) var entryCount = 0
  /// Sum of the apparent sizes of the regular files beneath rootfs, in bytes.
  public private(set) var contentBytes: Int64 = 0

  var paths = PathTable()
  /// The directory of the entry before: the next one mostly lies in it too.
  private var knownParent: [UInt8] = []

  /// Rules for one image.
  public init(limits: ArchiveLimits = .default) {
    self.limits = limits
  }

  /// Checks the next entry against the rules and the entries before it.
  ///
  /// - Throws: an error naming the entry and the rule that it breaks.
  public mutating func admit(_ entry: ArchiveEntry) throws(ArchiveError) {
    try countEntry()
    try checkName(entry.path)
    try checkPlace(entry)
    try checkMetadata(entry)
    try checkKind(entry)
    try admitParents(of: entry.path)
    try register(entry)
    try countContent(entry)
  }

  /// Checks what can only be known at the end: that there were a manifest and a rootfs.
  public func finish() throws(ArchiveError) {
    guard paths[ArchivePath.manifest.bytes[...]] != nil else {
      throw .reading(.invalidLayout, "it has no entry \"manifest\" (B3)")
    }
    guard paths[ArchivePath.rootfs.bytes[...]] == .directory else {
      throw .reading(.invalidLayout, "it has no entry for the directory \"rootfs\" (B3, B4)")
    }
  }

  /// Counts an entry, also one that makes no file.
  mutating func countEntry() throws(ArchiveError) {
    guard entryCount < limits.entries else {
      throw .reading(
        .limitExceeded, "it has more than \(limits.entries) entries; raise entries to allow it")
    }
    entryCount += 1
  }

  /// Directories above an entry may go without entries of their own, but nothing else may be there.
  private mutating func admitParents(of path: ArchivePath) throws(ArchiveError) {
    guard let end = path.bytes.lastIndex(of: slash) else { return }
    let parent = path.bytes[..<end]
    guard !parent.elementsEqual(knownParent) else { return }
    var above = parent
    climb: while !above.isEmpty {
      switch paths[above] {
      case .directory, .impliedDirectory: break climb  // and so is everything above it
      case nil: paths.mark(above, .impliedDirectory)
      case .linkable, .other:
        throw .reading(
          .invalidLayout, "it lies beneath \"\(excerpt(above))\", which is not a directory", of: path)
      }
      above = above[..<(above.lastIndex(of: slash) ?? above.startIndex)]
    }
    knownParent = Array(parent)
  }

  /// One entry a path.
  ///
  /// A directory may come after what it holds; nothing else may come twice.
  private mutating func register(_ entry: ArchiveEntry) throws(ArchiveError) {
    let path = entry.path.bytes[...]
    switch (paths[path], entry.kind) {
    case (nil, _), (.impliedDirectory, .directory): break
    case (.impliedDirectory, _):
      throw .reading(
        .invalidLayout, "it is not a directory, but earlier entries lie beneath it", of: entry.path)
    default:
      throw .reading(.duplicateEntry, "an earlier entry has the same name (B2)", of: entry.path)
    }
    paths.mark(path, entry.mark)
    guard paths.byteCount <= limits.namesBytes else {
      throw .reading(.limitExceeded, "its names take more than \(limits.namesBytes) bytes")
    }
  }

  private mutating func countContent(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard entry.kind == .regular, entry.path != .manifest else { return }
    let (sum, overflow) = contentBytes.addingReportingOverflow(entry.size)
    guard !overflow, sum <= limits.expandedBytes else {
      throw .reading(
        .limitExceeded,
        "its files take more than \(limits.expandedBytes) bytes; raise expandedBytes to allow it",
        of: entry.path)
    }
    contentBytes = sum
  }
}

extension ArchiveEntry {
  fileprivate var mark: PathTable.Mark {
    switch kind {
    case .directory: .directory
    // A link to a manifest would let the app edit it; a device might have been left out.
    case .regular, .symbolicLink, .hardLink, .fifo: path == .manifest ? .other : .linkable
    case .characterDevice, .blockDevice: .other
    }
  }
}
