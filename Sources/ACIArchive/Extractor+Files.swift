import CAppcLinux
import Glibc

extension Extractor {
  /// Makes a regular file: written through a descriptor that never had another path.
  mutating func makeFile(_ entry: ArchiveEntry, content reader: inout ArchiveReader) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let raw = retryingInterrupts {
      withCString(entry.path.lastComponent) { openat(parent, $0, flags, 0o600) }
    }
    guard raw >= 0 else { throw fault(errno, entry, "the file cannot be made") }
    let file = OwnedDescriptor(taking: raw)
    try reader.readContent { offset, bytes throws(ArchiveError) in
      let number = Extractor.write(bytes, to: raw, at: Int(clamping: offset))
      guard number == 0 else {
        throw .system(
          number, "extract", "entry \(excerpt(entry.path.bytes))", "the content cannot be written")
      }
    }
    if entry.sparseMap != nil, ftruncate(raw, Int(clamping: entry.size)) != 0 {
      throw fault(errno, entry, "the file cannot be given its size of \(entry.size) bytes")
    }
    report.created += 1
    report.writtenBytes += entry.storedSize
    try finishMetadata(of: file.raw, entry, isNew: 0o600)
  }

  /// Writes all bytes.
  ///
  /// Returns 0 or the error's number.
  private static func write(_ bytes: UnsafeRawBufferPointer, to raw: CInt, at offset: Int) -> CInt {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = retryingInterrupts { pwrite(raw, rest.baseAddress, rest.count, offset + done) }
      guard count > 0 else { return count == 0 ? EIO : errno }
      done += count
    }
    return 0
  }

  /// Makes a symbolic link; its target is never looked at.
  mutating func makeSymbolicLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    let result = withCString(entry.linkTarget) { target in
      withCString(entry.path.lastComponent) { symlinkat(target, parent, $0) }
    }
    guard result == 0 else { throw fault(errno, entry, "the symbolic link cannot be made") }
    report.created += 1
    report.droppedAttributes += entry.xattrs.count
    try refuseAttributes(of: entry)
    try finishWithoutOpening(entry, in: parent, mode: nil)
  }

  /// Makes a device if the options say so.
  mutating func makeDevice(_ entry: ArchiveEntry, type: mode_t) throws(ArchiveError) {
    switch options.devices {
    case .skip: report.skippedDevices += 1
    case .create: try makeNode(entry, type: type)
    case .refuse:
      throw ArchiveError(
        .deviceRefused, operation: "extract", subject: "entry \(excerpt(entry.path.bytes))",
        detail: "it is a device, and devices are refused here")
    }
  }

  /// Makes a FIFO or device.
  ///
  /// It is never opened: opening one can block, or act.
  mutating func makeNode(_ entry: ArchiveEntry, type: mode_t) throws(ArchiveError) {
    let parent = try parents.directory(entry.path.parentBytes)
    let result = retrying {
      withCString(entry.path.lastComponent) {
        appc_mknod(parent, $0, type | 0o600, entry.deviceMajor, entry.deviceMinor)
      }
    }
    guard result == 0 else { throw fault(-result, entry, "the special file cannot be made") }
    report.created += 1
    report.droppedAttributes += entry.xattrs.count
    try refuseAttributes(of: entry)
    try finishWithoutOpening(entry, in: parent, mode: entry.mode)
  }
}
