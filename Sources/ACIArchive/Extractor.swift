import CAppcLinux
import Glibc
public import SystemPackage

/// Turns entries into files beneath a directory, however hostile the entries are.
///
/// Paths are walked by descriptors that cannot leave the directory and follow no symbolic link; nothing that
/// exists is opened, replaced or linked over. Each file gets its owner, then its mode, then its attributes,
/// then its times, in this order, since each step may undo the ones after it. Directories are 0700 until
/// `finish()`.
///
/// Not atomic: after an error, what was made remains, and the caller removes the directory. Nothing is
/// synced. Blocks. Entries must have passed `ArchiveRules`, as those of an `ArchiveReader` have.
public struct Extractor: ~Copyable, Sendable {
  let options: ExtractionOptions
  /// Whom new files belong to, when that is certain: a file that is to be theirs needs no chown.
  let creator: Owner?
  var parents: DirectoryCache
  var report = ExtractionReport()
  private let root: CInt
  private var linkParents: DirectoryCache
  private var directories: [DirectoryRecord] = []
  private var directoryIndex: [ArchivePath: Int] = [:]

  /// A user and a group by number.
  struct Owner: Hashable {
    var uid: UInt32
    var gid: UInt32
  }

  /// A directory that was made, and what it is to become.
  struct DirectoryRecord {
    var entry: ArchiveEntry
    let device: UInt64
    let inode: UInt64
  }

  /// Starts an extraction into an empty directory that nobody else writes to.
  ///
  /// The caller keeps `directory` open until the end, and closes it.
  public init(
    into directory: FileDescriptor, options: ExtractionOptions = ExtractionOptions()
  ) throws(ArchiveError) {
    self.options = options
    root = directory.rawValue
    parents = DirectoryCache(root: root)
    linkParents = DirectoryCache(root: root)
    var status = stat()
    guard fstat(root, &status) == 0 else {
      throw .system(errno, "extract", "", "the target directory cannot be examined")
    }
    // Neither a setgid directory nor a file system mounted with "grpid" gives files another group then.
    let isPlain = status.st_mode & S_ISGID == 0 && status.st_gid == getegid()
    creator = isPlain ? Owner(uid: geteuid(), gid: getegid()) : nil
  }

  /// Makes what `entry` describes, with the content at which `reader` now stands.
  ///
  /// `path` puts it elsewhere than the entry says; a hard link's target is taken beneath the same directory.
  /// Directories above it that are missing are made, of root, mode 0755. A directory that this extractor has
  /// made already takes the new metadata; anything else that exists is an error.
  ///
  /// - Throws: `io` with the kernel's reason; `deviceRefused`, `attributeRefused` as the options say; what
  ///   reading the content throws.
  public mutating func extract(
    _ entry: ArchiveEntry, at path: ArchivePath? = nil, content reader: inout ArchiveReader
  ) throws(ArchiveError) {
    var entry = entry
    if let path { entry.path = path }
    if entry.kind == .directory { return try makeDirectory(entry) }
    if !parents.isOpen(entry.path.parentBytes) { try ensureDirectory(entry.path.parentBytes) }
    switch entry.kind {
    case .regular: try makeFile(entry, content: &reader)
    case .symbolicLink: try makeSymbolicLink(entry)
    case .hardLink: try makeHardLink(entry)
    case .fifo: try makeNode(entry, type: S_IFIFO)
    case .characterDevice: try makeDevice(entry, type: S_IFCHR)
    case .blockDevice: try makeDevice(entry, type: S_IFBLK)
    case .directory: break
    }
  }

  /// Gives directories their final owners, modes and times, the deepest first.
  ///
  /// To be called once, at the end.
  public mutating func finish() throws(ArchiveError) -> ExtractionReport {
    // Parents were made before their children.
    for record in directories.reversed() {
      let raw = retrying {
        withCString(record.entry.path.bytes) {
          appc_open_beneath(root, $0, UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0)
        }
      }
      guard raw >= 0 else { throw fault(-raw, record.entry, "the directory cannot be opened") }
      let directory = OwnedDescriptor(taking: raw)
      var status = stat()
      guard fstat(raw, &status) == 0 else { throw fault(errno, record.entry, "fstat failed") }
      guard status.st_dev == record.device, status.st_ino == record.inode else {
        throw fault(
          EBUSY, record.entry, "the directory was replaced meanwhile; extract where nobody else writes")
      }
      try finishMetadata(of: directory.raw, record.entry, isNew: 0o700)
    }
    directories = []
    directoryIndex = [:]
    return report
  }

  func fault(_ number: CInt, _ entry: ArchiveEntry, _ detail: String) -> ArchiveError {
    .system(number, "extract", "entry \(excerpt(entry.path.bytes))", detail)
  }
}

extension Extractor {
  private mutating func makeDirectory(_ entry: ArchiveEntry) throws(ArchiveError) {
    if let index = directoryIndex[entry.path] {
      directories[index].entry = entry
    } else {
      try ensureDirectory(entry.path.parentBytes)
      try recordDirectory(entry)
    }
    report.created += 1
  }

  /// Makes the directories of a path that this extractor has not made yet.
  private mutating func ensureDirectory(_ path: ArraySlice<UInt8>) throws(ArchiveError) {
    guard !path.isEmpty, directoryIndex[ArchivePath(canonical: Array(path))] == nil else { return }
    for end in path.indices where path[end] == slash {
      try ensureOne(ArchivePath(canonical: Array(path[..<end])))
    }
    try ensureOne(ArchivePath(canonical: Array(path)))
  }

  private mutating func ensureOne(_ path: ArchivePath) throws(ArchiveError) {
    guard directoryIndex[path] == nil else { return }
    try recordDirectory(ArchiveEntry(path: path, kind: .directory, mode: 0o755))
  }

  private mutating func recordDirectory(_ entry: ArchiveEntry) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    var status = stat()
    let result = withCString(entry.path.lastComponent) { name in
      mkdirat(parent, name, 0o700) == 0 && fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }
    guard result else { throw fault(errno, entry, "the directory cannot be made") }
    directoryIndex[entry.path] = directories.count
    directories.append(
      DirectoryRecord(entry: entry, device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
  }

  /// A hard link shares everything with its target, so the entry's own metadata counts for nothing.
  private mutating func makeHardLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    let target = ArchivePath(canonical: entry.linkTarget)
    let from = try linkParents.directory(target.parentBytes)
    let to = try parents.directory(entry.path.parentBytes)
    let result = withCString(target.lastComponent) { old in
      // No flag: if the target is a symbolic link, that link itself is meant.
      withCString(entry.path.lastComponent) { new in linkat(from, old, to, new, 0) }
    }
    guard result == 0 else {
      throw fault(errno, entry, "it cannot be linked to \"\(excerpt(entry.linkTarget))\"")
    }
    report.created += 1
  }
}
