import CAppcLinux
import Glibc
public import SystemPackage

/// Turns entries into files beneath a directory, however hostile the entries are.
///
/// Paths are walked by descriptors that cannot leave the directory and follow no symbolic link; nothing that
/// exists is opened, replaced or linked over. Each file gets its owner, then its attributes, then its mode,
/// then its times, in this order, since each step may undo the ones after it. Directories are 0700 until
/// `finish()`.
///
/// Files are made by threads of the extractor's own, so an error may come to light at a later entry, or in
/// `finish()`; hard links are made last. The threads end with the value.
///
/// Not atomic: after an error, what was made remains, and the caller removes the directory. Nothing is
/// synced. Blocks. Entries must have passed `ArchiveRules`, as those of an `ArchiveReader` have.
public struct Extractor: ~Copyable, Sendable {
  /// Is told what was made, some files at a time, on any of the extractor's threads.
  package typealias Observer = @Sendable ([ExtractedFile]) throws(ArchiveError) -> Void

  /// What is handed to a thread at once: entries, blocks of which they keep a part, or bytes of attributes.
  ///
  /// However little of it is kept, a block cannot be filled anew: a batch that waited for more while it keeps all there
  /// are would wait for ever.
  private static let batchCount = 32
  private static let batchBlocks = 6
  private static let batchAttributeBytes = 256 << 10
  /// Extended attributes of directories, which are kept until the end, in bytes.
  private static let directoryAttributeBytes = 16 << 20
  /// Hard links that wait until all files are made.
  private static let hardLinkLimit = 4096

  private let options: ExtractionOptions
  private let observer: Observer?
  private let crew: ExtractionCrew
  private var ownMaker: FileMaker
  private var parents: DirectoryCache
  private let device: UInt64
  private var directories = DirectoryTable()
  /// The directory of the entry before, which is there: the next one mostly lies in it too.
  private var knownParent: [UInt8] = []
  private var batch: [ExtractionJob] = []
  private var batchedBlocks = 0
  private var batchedAttributeBytes = 0
  private var lastSlice: BlockSlice?
  private var hardLinks: [ExtractionJob] = []
  private var report = ExtractionReport()

  /// Starts an extraction into an empty directory that nobody else writes to.
  ///
  /// The descriptor may be closed afterwards; the extractor has one of its own.
  public init(
    into directory: FileDescriptor, options: ExtractionOptions = ExtractionOptions()
  ) throws(ArchiveError) {
    try self.init(into: directory, options: options, observer: nil)
  }

  /// The same, with somebody who is told of every file that was made.
  package init(
    into directory: FileDescriptor, options: ExtractionOptions, observer: Observer?
  ) throws(ArchiveError) {
    var status = stat()
    let raw: CInt
    do throws(Errno) {
      _ = try Kernel.glibc { fstat(directory.rawValue, &status) }
      raw = try Kernel.glibc { fcntl(directory.rawValue, F_DUPFD_CLOEXEC, 3) }
    } catch {
      throw .system(error.rawValue, "extract", "", "the target directory cannot be examined")
    }
    let root = OwnedDescriptor(taking: raw)
    self.options = options
    self.observer = observer
    device = UInt64(status.st_dev)
    ownMaker = FileMaker(root: root.raw, options: options, observer: observer)
    parents = DirectoryCache(root: root.raw)
    crew = ExtractionCrew(
      root: root, options: options, observer: observer, threads: options.workers ?? Self.usualWorkers)
  }

  deinit {
    crew.stop()
  }

  /// Makes what `entry` describes, with the content at which `reader` now stands.
  ///
  /// `path` puts it elsewhere than the entry says; a hard link's target is taken beneath the same directory.
  /// Directories above it that are missing are made, of root, mode 0755. A directory that this extractor has
  /// made already takes the new metadata; anything else that exists is an error.
  ///
  /// - Throws: `io` with the kernel's reason; `deviceRefused`, `attributeRefused` as the options say; what
  ///   reading the content throws. It may be about an earlier entry.
  public mutating func extract(
    _ entry: ArchiveEntry, at path: ArchivePath? = nil, content reader: inout ArchiveReader
  ) throws(ArchiveError) {
    var entry = entry
    if let path { entry.path = path }
    if entry.kind == .directory { return try makeDirectory(entry) }
    try ensureParent(of: entry.path)
    switch entry.kind {
    case .regular: try extractFile(entry, content: &reader)
    case .hardLink: try addHardLink(entry)
    case .characterDevice, .blockDevice: try extractDevice(entry)
    case .symbolicLink, .fifo, .directory: try add(ExtractionJob(entry: entry, content: .streamed))
    }
  }

  /// Waits until everything is made, and gives directories their final owners, modes and times, the deepest first.
  ///
  /// To be called once, at the end.
  public mutating func finish() throws(ArchiveError) -> ExtractionReport {
    try makeHardLinks()
    report.add(try crew.drain())
    try ownMaker.reportRest()
    report.add(ownMaker.takeReport())
    let metadata = FileMetadata(options)
    var finished: [ExtractedFile] = []
    // Parents were made before their children.
    for index in (0..<directories.count).reversed() {
      let (entry, inode) = directories[index]
      let final = try finishDirectory(entry, inode, metadata)
      guard let observer else { continue }
      finished.append(ExtractedFile(directory: entry, final))
      if finished.count == Self.batchCount || index == 0 {
        try observer(finished)
        finished = []
      }
    }
    directories = DirectoryTable()
    return report
  }

  /// One for each processor, but no more than a disk can make use of.
  private static var usualWorkers: Int { min(Int(appc_processor_count()), 8) }
}

extension Extractor {
  private mutating func extractFile(
    _ entry: ArchiveEntry, content reader: inout ArchiveReader
  ) throws(ArchiveError) {
    switch try reader.takeContent() {
    case .streamed: try ownMaker.makeFile(entry, content: &reader)
    case let content: try add(ExtractionJob(entry: entry, content: content))
    }
  }

  private mutating func extractDevice(_ entry: ArchiveEntry) throws(ArchiveError) {
    switch options.devices {
    case .skip: report.skippedDevices += 1
    case .create: try add(ExtractionJob(entry: entry, content: .streamed))
    case .refuse:
      throw ArchiveError(
        .deviceRefused, operation: "extract", subject: "entry \(excerpt(entry.path.bytes))",
        detail: "it is a device, and devices are refused here")
    }
  }

  private mutating func add(_ job: ExtractionJob) throws(ArchiveError) {
    batch.append(job)
    batchedAttributeBytes += job.entry.attributeBytes
    if case .slices(let slices) = job.content {
      for slice in slices where !slice.isInSameBlock(as: lastSlice) {
        batchedBlocks += 1
        lastSlice = slice
      }
    }
    if batch.count >= Self.batchCount || batchedBlocks >= Self.batchBlocks
      || batchedAttributeBytes >= Self.batchAttributeBytes
    {
      try submit()
    }
  }

  private mutating func submit() throws(ArchiveError) {
    guard !batch.isEmpty else { return }
    let full = batch
    batch = []
    (batchedBlocks, batchedAttributeBytes, lastSlice) = (0, 0, nil)
    try crew.submit(full)
  }

  /// The file that is linked to may still be under way.
  private mutating func addHardLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    var entry = entry
    entry.xattrs = []  // its target's count
    hardLinks.append(ExtractionJob(entry: entry, content: .streamed))
    if hardLinks.count >= Self.hardLinkLimit { try makeHardLinks() }
  }

  /// Hard links name files, never each other: `ArchiveRules` and `RenderPlan` lead each to what was extracted, and a
  /// link that is named by another is made before it.
  private mutating func makeHardLinks() throws(ArchiveError) {
    try submit()
    guard !hardLinks.isEmpty else { return }
    _ = try crew.drain()
    for job in hardLinks { try ownMaker.makeLink(job.entry) }
    hardLinks = []
  }
}

extension Extractor {
  private mutating func makeDirectory(_ entry: ArchiveEntry) throws(ArchiveError) {
    if let index = directories.index(of: entry.path.bytes[...]) {
      try checkAttributes(of: entry)
      directories.update(index, to: entry)
    } else {
      try ensureParent(of: entry.path)
      try addDirectory(entry)
    }
    report.created += 1
  }

  /// Makes the directories above a path that this extractor has not made yet.
  private mutating func ensureParent(of path: ArchivePath) throws(ArchiveError) {
    let parent = path.parentBytes
    guard !parent.isEmpty, !parent.elementsEqual(knownParent) else { return }
    var missing: [ArraySlice<UInt8>] = []
    var above = parent
    while !above.isEmpty, directories.index(of: above) == nil {
      missing.append(above)
      above = above[..<(above.lastIndex(of: slash) ?? above.startIndex)]
    }
    for path in missing.reversed() {
      try addDirectory(ArchiveEntry(path: ArchivePath(canonical: Array(path)), kind: .directory, mode: 0o755))
    }
    knownParent = Array(parent)
  }

  private func checkAttributes(of entry: ArchiveEntry) throws(ArchiveError) {
    guard directories.attributeBytes + entry.attributeBytes <= Self.directoryAttributeBytes else {
      throw ArchiveError(
        .limitExceeded, operation: "extract", subject: "entry \(excerpt(entry.path.bytes))",
        detail: "directories have more than \(Self.directoryAttributeBytes) bytes of extended attributes")
    }
  }

  private mutating func addDirectory(_ entry: ArchiveEntry) throws(ArchiveError) {
    try checkAttributes(of: entry)
    let parent = try parents.directory(entry.path.parentBytes)
    var status = stat()
    do throws(Errno) {
      try withCString(entry.path.lastComponent) { name throws(Errno) in
        _ = try Kernel.glibc { mkdirat(parent, name, 0o700) }
        _ = try Kernel.glibc { fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) }
      }
    } catch {
      throw .making(entry, error, "the directory cannot be made")
    }
    directories.add(entry, inode: UInt64(status.st_ino))
  }

  private mutating func finishDirectory(
    _ entry: ArchiveEntry, _ inode: UInt64, _ metadata: FileMetadata
  ) throws(ArchiveError) -> FileMetadata.Final {
    let root = crew.root.raw
    let raw: CInt
    do throws(Errno) {
      raw = try Kernel.ours {
        withCString(entry.path.bytes) {
          appc_open_beneath(root, $0, UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0)
        }
      }
    } catch {
      throw .making(entry, error, "the directory cannot be opened")
    }
    let directory = OwnedDescriptor(taking: raw)
    var status = stat()
    do throws(Errno) {
      _ = try Kernel.glibc { fstat(raw, &status) }
    } catch {
      throw .making(entry, error, "the directory cannot be examined")
    }
    guard UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
      throw .making(
        entry, Errno.resourceBusy, "the directory was replaced meanwhile; extract where nobody else writes")
    }
    let (final, dropped) = try metadata.finish(directory.raw, entry)
    report.droppedAttributes += dropped
    return final
  }
}

extension ExtractedFile {
  fileprivate init(directory entry: ArchiveEntry, _ final: FileMetadata.Final) {
    self.init(
      path: entry.path, kind: .directory, mode: final.mode, uid: final.uid, gid: final.gid, size: 0,
      modified: entry.modified, linkTarget: [], contentDigest: nil)
  }
}
