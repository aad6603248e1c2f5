import CAppcLinux
import Glibc
import SystemPackage

/// Makes the files of entries beneath a directory; each thread has one.
///
/// Everything but directories, whose content comes first and whose metadata comes last.
struct FileMaker: ~Copyable {
  private static let copyBufferSize = 256 << 10
  private static let reportCount = 32
  /// Zeros of holes that are hashed before somebody may stop it, in bytes.
  private static let zerosBetweenReports = 8 << 20

  private let metadata: FileMetadata
  private var parents: DirectoryCache
  private var linkParents: DirectoryCache
  private let observer: Extractor.Observer?
  private let isStopped: @Sendable () -> Bool
  private var digest: ContentDigest?
  private var unreportedZeros = 0
  private var report = ExtractionReport()
  private var made: [ExtractedFile] = []
  /// For content that is copied from the image's file, once there is any.
  private var copyBuffer: CopyBuffer?

  /// `isStopped` is asked now and then during long work.
  init(
    root: CInt, options: ExtractionOptions, observer: Extractor.Observer?,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.isStopped = isStopped
    metadata = FileMetadata(options)
    parents = DirectoryCache(root: root)
    linkParents = DirectoryCache(root: root)
    self.observer = observer
  }

  /// Makes everything in a batch, up to the first thing that cannot be made.
  mutating func make(_ batch: [ExtractionJob]) throws(ArchiveError) {
    for job in batch { try make(job) }
    try report(made)
  }

  /// Makes a regular file of content that comes piece by piece.
  mutating func makeFile(_ entry: ArchiveEntry, content reader: inout ArchiveReader) throws(ArchiveError) {
    let file = try openNew(entry)
    let stream = reader.stream
    var hashed = Int64(0)
    try prepareDigest()
    try reader.readContent { offset, bytes throws(ArchiveError) in
      try Self.write(bytes, to: file.raw, at: offset, entry)
      try hashZeros(upTo: offset, after: hashed, of: stream)
      try digest?.update(bytes)
      hashed = offset + Int64(bytes.count)
    }
    try hashZeros(upTo: entry.size, after: hashed, of: stream)
    if entry.sparseMap != nil {
      let raw = file.raw
      do throws(Errno) {
        _ = try Kernel.glibc { ftruncate(raw, off_t(entry.size)) }
      } catch {
        throw .making(entry, error, "the file cannot be given its size of \(entry.size) bytes")
      }
    }
    try finish(file, entry)
    try report(made)
  }

  /// Makes a hard link.
  mutating func makeLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    try makeHardLink(entry)
    if made.count >= FileMaker.reportCount { try report(made) }
  }

  /// Tells the observer of what it has not heard of yet.
  mutating func reportRest() throws(ArchiveError) {
    try report(made)
  }

  /// What was made since this was last asked.
  mutating func takeReport() -> ExtractionReport {
    defer { report = ExtractionReport() }
    return report
  }
}

extension FileMaker {
  private mutating func make(_ job: ExtractionJob) throws(ArchiveError) {
    let entry = job.entry
    switch entry.kind {
    case .regular: try makeFile(entry, job.content)
    case .symbolicLink: try makeSymbolicLink(entry)
    case .fifo: try makeNode(entry, type: S_IFIFO)
    case .characterDevice: try makeNode(entry, type: S_IFCHR)
    case .blockDevice: try makeNode(entry, type: S_IFBLK)
    case .hardLink, .directory: break  // made by the extractor itself, in order
    }
  }

  private mutating func makeFile(_ entry: ArchiveEntry, _ content: EntryContent) throws(ArchiveError) {
    let file = try openNew(entry)
    try prepareDigest()
    switch content {
    case .streamed: break
    case .slices(let slices):
      var offset: Int64 = 0
      for slice in slices {
        try slice.withBytes { bytes throws(ArchiveError) in
          try Self.write(bytes, to: file.raw, at: offset, entry)
          try digest?.update(bytes)
        }
        offset += Int64(slice.count)
      }
    case .place(let place): try copy(place, to: file.raw, entry)
    }
    try finish(file, entry)
  }

  /// Copies through a buffer that stays in the processor's cache: mapping the image instead would make a file that
  /// somebody cuts off meanwhile kill the process.
  private mutating func copy(
    _ place: EntryContent.Place, to raw: CInt, _ entry: ArchiveEntry
  ) throws(ArchiveError) {
    let buffer = copyBuffer ?? CopyBuffer(byteCount: FileMaker.copyBufferSize)
    copyBuffer = buffer
    var done: Int64 = 0
    while done < place.count {
      guard !isStopped() else { throw .reading(.stopped, "the extraction was stopped", of: entry.path) }
      let wanted = Int(min(Int64(buffer.memory.count), place.count - done))
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<wanted])
      let count = try place.file.read(into: free, at: place.offset + done)
      guard count > 0 else {
        throw .reading(.truncated, "it ends inside of an entry; get the image again", of: entry.path)
      }
      let bytes = UnsafeRawBufferPointer(rebasing: free[..<count])
      try Self.write(bytes, to: raw, at: done, entry)
      try digest?.update(bytes)
      done += Int64(count)
    }
  }

  /// A file that did not exist, with the final permissions as far as the umask lets them be: where they are right
  /// already, nothing is left to change.
  private mutating func openNew(_ entry: ArchiveEntry) throws(ArchiveError) -> OwnedDescriptor {
    let parent = try parents.directory(entry.path.parentBytes)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let mode = metadata.permissions(of: entry) & 0o777 | (entry.xattrs.isEmpty ? 0 : 0o200)
    do throws(Errno) {
      return OwnedDescriptor(
        taking: try Kernel.glibc {
          withCString(entry.path.lastComponent) { openat(parent, $0, flags, mode) }
        })
    } catch {
      throw .making(entry, error, "the file cannot be made")
    }
  }

  private mutating func finish(_ file: borrowing OwnedDescriptor, _ entry: ArchiveEntry) throws(ArchiveError)
  {
    report.writtenBytes += entry.storedSize
    let (final, dropped) = try metadata.finish(file.raw, entry)
    report.droppedAttributes += dropped
    try note(entry, final, digest: digest?.finish())
  }

  /// Writes all bytes.
  private static func write(
    _ bytes: UnsafeRawBufferPointer, to raw: CInt, at offset: Int64, _ entry: ArchiveEntry
  ) throws(ArchiveError) {
    do throws(Errno) {
      try Kernel.writeAll(bytes, to: raw, at: offset)
    } catch {
      throw .making(entry, error, "the content cannot be written")
    }
  }
}

extension FileMaker {
  /// Makes a symbolic link; its target is never looked at.
  private mutating func makeSymbolicLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    do throws(Errno) {
      _ = try Kernel.glibc {
        withCString(entry.linkTarget) { target in
          withCString(entry.path.lastComponent) { symlinkat(target, parent, $0) }
        }
      }
    } catch {
      throw .making(entry, error, "the symbolic link cannot be made")
    }
    try finishWithoutOpening(entry, in: parent)
  }

  /// Makes a FIFO or device.
  ///
  /// It is never opened: opening one can block, or act.
  private mutating func makeNode(_ entry: ArchiveEntry, type: mode_t) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    do throws(Errno) {
      _ = try Kernel.ours {
        withCString(entry.path.lastComponent) {
          appc_mknod(parent, $0, type | 0o600, entry.deviceMajor, entry.deviceMinor)
        }
      }
    } catch {
      throw .making(entry, error, "the special file cannot be made")
    }
    try finishWithoutOpening(entry, in: parent)
  }

  private mutating func finishWithoutOpening(
    _ entry: ArchiveEntry, in parent: CInt
  ) throws(ArchiveError) {
    let final = try metadata.finishWithoutOpening(entry, in: parent)
    report.droppedAttributes += entry.xattrs.count
    try note(entry, final, digest: nil)
  }

  /// A hard link shares everything with its target, so the entry's own metadata counts for nothing.
  private mutating func makeHardLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    let target = ArchivePath(canonical: entry.linkTarget)
    let from = try linkParents.directory(target.parentBytes)
    let to = try parents.directory(entry.path.parentBytes)
    do throws(Errno) {
      _ = try Kernel.glibc {
        withCString(target.lastComponent) { old in
          // No flag: if the target is a symbolic link, that link itself is meant.
          withCString(entry.path.lastComponent) { new in linkat(from, old, to, new, 0) }
        }
      }
    } catch {
      throw .making(entry, error, "it cannot be linked to \"\(excerpt(entry.linkTarget))\"")
    }
    try note(entry, FileMetadata.Final(mode: entry.mode, uid: entry.uid, gid: entry.gid), digest: nil)
  }
}

extension FileMaker {
  private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

  private mutating func prepareDigest() throws(ArchiveError) {
    if observer != nil, digest == nil { digest = try ContentDigest() }
  }

  /// Hashes what a hole reads as: a few bytes of an image can be many holes, or one that takes minutes.
  private mutating func hashZeros(
    upTo end: Int64, after start: Int64, of stream: TarStream
  ) throws(ArchiveError) {
    guard digest != nil else { return }
    var left = max(0, end - start)
    while left > 0 {
      let count = Int(min(left, Int64(FileMaker.zeros.count)))
      try FileMaker.zeros.withUnsafeBufferPointer { zeros throws(ArchiveError) in
        try digest?.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(zeros)[..<count]))
      }
      left -= Int64(count)
      unreportedZeros += count
      if unreportedZeros >= FileMaker.zerosBetweenReports {
        unreportedZeros = 0
        try stream.reportProgress()
      }
    }
  }

  private mutating func note(
    _ entry: ArchiveEntry, _ final: FileMetadata.Final, digest: [UInt8]?
  ) throws(ArchiveError) {
    report.created += 1
    guard observer != nil else { return }
    made.append(
      ExtractedFile(
        path: entry.path, kind: entry.kind, mode: final.mode, uid: final.uid, gid: final.gid,
        size: entry.size, modified: entry.modified, linkTarget: entry.linkTarget, contentDigest: digest))
  }

  private mutating func report(_ files: [ExtractedFile]) throws(ArchiveError) {
    made = []
    guard !files.isEmpty else { return }
    try observer?(files)
  }
}

extension ArchiveError {
  /// The error for an entry of which no file can be made.
  static func making(_ entry: ArchiveEntry, _ errno: Errno, _ detail: String) -> ArchiveError {
    .system(errno.rawValue, "extract", "entry \(excerpt(entry.path.bytes))", detail)
  }
}
