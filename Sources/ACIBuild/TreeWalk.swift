import ACIArchive
import AppcSchema
import SystemPackage

/// Writes a tree into an archive, directory by directory, names in the order of their bytes.
struct TreeWalk {
  private struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private let options: ImageBuilder.Options
  /// First names of the files that have several.
  private var firstNames: [FileIdentity: ArchivePath] = [:]
  private(set) var diagnostics: [BuildDiagnostic] = []

  init(_ options: ImageBuilder.Options) {
    self.options = options
  }

  mutating func write(_ source: borrowing BuildSource, to writer: inout ArchiveWriter) throws(BuildError) {
    try write(source.rootfs, .rootfs, &writer)
  }

  private mutating func write(
    _ file: borrowing OwnedDescriptor, _ path: ArchivePath, _ writer: inout ArchiveWriter
  ) throws(BuildError) {
    let status = try about(path, file) { (file) throws(Errno) in try Kernel.status(file) }
    var entry = entry(path, status)
    switch status.kind {
    case .directory: try writeDirectory(file, entry, &writer)
    case .regular: try writeRegular(file, status, entry, &writer)
    case .symbolicLink:
      entry.linkTarget = try about(path, file) { (file) throws(Errno) in try Kernel.linkTarget(file) }
      try add(entry, &writer)
    case .characterDevice, .blockDevice:
      entry.deviceMajor = status.deviceMajor
      entry.deviceMinor = status.deviceMinor
      try add(entry, &writer)
    case .fifo: try add(entry, &writer)
    case .socket, .other:
      // A socket is nothing without the process that made it, and tar has no entry for it.
      note(path, "a socket is left out")
    }
  }

  private mutating func writeDirectory(
    _ file: borrowing OwnedDescriptor, _ entry: ArchiveEntry, _ writer: inout ArchiveWriter
  ) throws(BuildError) {
    let path = entry.path
    let directory = try about(path, file) { (file) throws(Errno) in try Kernel.reopenDirectory(file) }
    var entry = entry
    entry.xattrs = try attributes(directory, path)
    try add(entry, &writer)
    let names = try about(path, directory) { (file) throws(Errno) in try Kernel.names(file) }
    for name in names.map(bytes).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let child: ArchivePath
      do { child = try path.appending(name) } catch { throw BuildError(error, subject: path.description) }
      let file = try about(child, directory) { (directory) throws(Errno) in
        try Kernel.openPath(directory, FilePath(name))
      }
      try write(file, child, &writer)
    }
  }

  private mutating func writeRegular(
    _ file: borrowing OwnedDescriptor, _ status: SourceStatus, _ entry: ArchiveEntry,
    _ writer: inout ArchiveWriter
  ) throws(BuildError) {
    var entry = entry
    if status.links > 1 {
      let identity = FileIdentity(device: status.device, inode: status.inode)
      if let first = firstNames[identity] {
        entry.kind = .hardLink
        entry.linkTarget = first.bytes
        return try add(entry, &writer)
      }
      firstNames[identity] = entry.path
    }
    let path = entry.path
    let content = try about(path, file) { (file) throws(Errno) in try Kernel.reopen(file) }
    entry.size = status.bytes
    entry.xattrs = try attributes(content, path)
    if status.storedBytes < status.bytes { entry.sparseMap = try sparseMap(content, status, path) }
    do {
      try writer.add(entry, contentOf: content.descriptor)
    } catch {
      guard error.code == .contentMismatch else { throw BuildError(error, subject: path.description) }
      throw changed(path, cause: error)
    }
    let after = try about(path, content) { (file) throws(Errno) in try Kernel.status(file) }
    guard after.isUnchanged(since: status) else { throw changed(path, cause: nil) }
  }
}

extension TreeWalk {
  private func entry(_ path: ArchivePath, _ status: SourceStatus) -> ArchiveEntry {
    ArchiveEntry(
      path: path, kind: status.kind.entryKind, mode: status.mode, uid: options.ownerRoot ? 0 : status.owner,
      gid: options.ownerRoot ? 0 : status.group, modified: clamped(status.modified))
  }

  private func clamped(_ time: FileTime) -> FileTime {
    guard let epoch = options.sourceDateEpoch.map({ FileTime(seconds: $0) }) else { return time }
    return min(time, epoch)
  }

  /// Where the data of a file with holes lies; nil when it is written whole.
  private func sparseMap(
    _ file: borrowing OwnedDescriptor, _ status: SourceStatus, _ path: ArchivePath
  ) throws(BuildError) -> SparseMap? {
    let limit = options.limits.sparseSegments
    let segments = try about(path, file) { (file) throws(Errno) in
      let segments = try SparseScan.map(of: file, bytes: status.bytes, maxSegments: limit)
      try Kernel.rewind(file)
      return segments
    }
    do {
      return try segments.map { (runs) throws(ArchiveError) in try SparseMap(runs, size: status.bytes) }
    } catch {
      throw BuildError(error, subject: path.description)
    }
  }

  /// What may go into an image, by name: the rest steers this machine's security modules or overlays.
  private mutating func attributes(
    _ file: borrowing OwnedDescriptor, _ path: ArchivePath
  ) throws(BuildError) -> [ExtendedAttribute] {
    do {
      var kept: [ExtendedAttribute] = []
      for name in try Kernel.attributeNames(file).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        if TreeWalk.isKept(name) {
          kept.append(ExtendedAttribute(name: name, value: try Kernel.attribute(file, name)))
        } else if !name.starts(with: "security.".utf8), !name.starts(with: "system.".utf8) {
          note(path, "the extended attribute \(printable(name)) is left out")
        }
      }
      return kept
    } catch .notSupported {
      return []
    } catch {
      throw BuildError(system: error, subject: path.description)
    }
  }

  private static func isKept(_ name: [UInt8]) -> Bool {
    name.elementsEqual("security.capability".utf8)
      || (name.starts(with: "user.".utf8) && !name.starts(with: "user.overlay.".utf8))
  }

  private func add(_ entry: ArchiveEntry, _ writer: inout ArchiveWriter) throws(BuildError) {
    do { try writer.add(entry) } catch { throw BuildError(error, subject: entry.path.description) }
  }

  private mutating func note(_ path: ArchivePath, _ message: String) {
    diagnostics.append(BuildDiagnostic(severity: .warning, subject: path.description, message: message))
  }

  private func changed(_ path: ArchivePath, cause: (any Error)?) -> BuildError {
    BuildError(
      .changed, subject: path.description,
      detail: "it changed while it was read: build again when nobody writes to it",
      cause: cause)
  }

  private func about<Value: ~Copyable>(
    _ path: ArchivePath, _ file: borrowing OwnedDescriptor,
    _ body: (borrowing OwnedDescriptor) throws(Errno) -> Value
  ) throws(BuildError) -> Value {
    do {
      return try body(file)
    } catch {
      throw BuildError(system: error, subject: path.description)
    }
  }

  private func bytes(_ name: FilePath) -> [UInt8] {
    name.withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: name.length)) }
  }
}

extension FilePath {
  /// For bytes that the kernel gave as a name: without NUL and slash.
  fileprivate init(_ bytes: [UInt8]) {
    self = (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CInterop.PlatformChar.self) { text in
        text.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      }
    }
  }
}

extension SourceStatus.Kind {
  /// Regular for what gets no entry at all.
  fileprivate var entryKind: EntryKind {
    switch self {
    case .regular, .socket, .other: .regular
    case .directory: .directory
    case .symbolicLink: .symbolicLink
    case .characterDevice: .characterDevice
    case .blockDevice: .blockDevice
    case .fifo: .fifo
    }
  }
}
