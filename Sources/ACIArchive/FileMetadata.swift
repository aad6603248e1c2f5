import CAppcLinux
import Glibc
import SystemPackage

/// Gives files their owner, then their attributes, then their mode, then their times, in this order: chown takes away
/// setuid bits and capabilities, attributes can be set only while the mode allows writing, and every change but that of
/// the times changes the times.
///
/// What a file has already is left as it is.
struct FileMetadata: Sendable {
  /// A user and a group by number.
  private struct Owner: Hashable {
    var uid: UInt32
    var gid: UInt32
  }

  /// What a file ended up with.
  struct Final: Sendable {
    var mode: UInt16
    var uid: UInt32
    var gid: UInt32
  }

  private let options: ExtractionOptions

  init(_ options: ExtractionOptions) {
    self.options = options
  }

  /// Finishes an open file or directory; tells what it has now, and how many attributes were left out.
  func finish(_ raw: CInt, _ entry: ArchiveEntry) throws(ArchiveError) -> (final: Final, dropped: Int) {
    var status = stat()
    try attempt(entry, "it cannot be examined") { fstat(raw, &status) }
    let owner = try owner(of: entry) ?? Owner(uid: status.st_uid, gid: status.st_gid)
    let isOwned = owner == Owner(uid: status.st_uid, gid: status.st_gid)
    if !isOwned {
      try attempt(entry, Self.cannotGive(owner)) { fchown(raw, owner.uid, owner.gid) }
    }
    let dropped = entry.xattrs.isEmpty ? 0 : try setAttributes(of: raw, entry)
    let mode = permissions(of: entry)
    if status.st_mode & 0o7777 != mode {
      try attempt(entry, "its mode cannot be set") { fchmod(raw, mode) }
    }
    try entry.withTimes { times throws(ArchiveError) in
      try attempt(entry, "its times cannot be set") { futimens(raw, times) }
    }
    return (Final(mode: UInt16(truncatingIfNeeded: mode), uid: owner.uid, gid: owner.gid), dropped)
  }

  /// The same for what must not be opened; a symbolic link has no mode.
  func finishWithoutOpening(_ entry: ArchiveEntry, in parent: CInt) throws(ArchiveError) -> Final {
    try refuseAttributes(of: entry)
    let name = entry.path.lastComponent
    var status = stat()
    try attempt(entry, "it cannot be examined") {
      withCString(name) { fstatat(parent, $0, &status, AT_SYMLINK_NOFOLLOW) }
    }
    let owner = try owner(of: entry) ?? Owner(uid: status.st_uid, gid: status.st_gid)
    if owner != Owner(uid: status.st_uid, gid: status.st_gid) {
      try attempt(entry, Self.cannotGive(owner)) {
        withCString(name) { fchownat(parent, $0, owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) }
      }
    }
    var mode = status.st_mode & 0o7777
    if entry.kind != .symbolicLink, mode != permissions(of: entry) {
      mode = permissions(of: entry)
      try attempt(entry, "its mode cannot be set") {
        withCString(name) { fchmodat(parent, $0, mode, AT_SYMLINK_NOFOLLOW) }
      }
    }
    try entry.withTimes { times throws(ArchiveError) in
      try attempt(entry, "its times cannot be set") {
        withCString(name) { utimensat(parent, $0, times, AT_SYMLINK_NOFOLLOW) }
      }
    }
    return Final(mode: UInt16(truncatingIfNeeded: mode), uid: owner.uid, gid: owner.gid)
  }

  /// The mode; setuid and setgid only where the owner is the one that the image means.
  func permissions(of entry: ArchiveEntry) -> mode_t {
    mode_t(options.ownership == .caller ? entry.mode & 0o1777 : entry.mode)
  }

  private func attempt(
    _ entry: ArchiveEntry, _ detail: @autoclosure () -> String, _ call: () -> CInt
  ) throws(ArchiveError) {
    do throws(Errno) {
      _ = try Kernel.glibc(call)
    } catch {
      throw .making(entry, error, detail())
    }
  }

  private static func cannotGive(_ owner: Owner) -> String {
    "it cannot be given to \(owner.uid):\(owner.gid); extract as root or for the caller"
  }
}

extension FileMetadata {
  /// Whom the entry is to belong to; nil for whoever makes it.
  private func owner(of entry: ArchiveEntry) throws(ArchiveError) -> Owner? {
    switch options.ownership {
    case .archive: return Owner(uid: entry.uid, gid: entry.gid)
    case .caller: return nil
    case .shifted(let uid, let gid, let count):
      let (shiftedUID, uidOverflow) = uid.addingReportingOverflow(entry.uid)
      let (shiftedGID, gidOverflow) = gid.addingReportingOverflow(entry.gid)
      guard entry.uid < count, entry.gid < count, !uidOverflow, !gidOverflow, shiftedUID != .max,
        shiftedGID != .max
      else {
        throw .making(
          entry, Errno(rawValue: EOVERFLOW),
          "its owner \(entry.uid):\(entry.gid) is not among the \(count) mapped ones")
      }
      return Owner(uid: shiftedUID, gid: shiftedGID)
    }
  }

  /// Sets what is harmless; tells how many were left out.
  private func setAttributes(of raw: CInt, _ entry: ArchiveEntry) throws(ArchiveError) -> Int {
    var dropped = 0
    for attribute in entry.xattrs {
      guard keeps(attribute.name) else {
        guard options.attributes != .refuse else { throw refusal(attribute, entry) }
        dropped += 1
        continue
      }
      do throws(Errno) {
        _ = try Kernel.ours {
          withCString(attribute.name) { appc_fsetxattr(raw, $0, attribute.value, attribute.value.count) }
        }
      } catch {
        throw .making(
          entry, error,
          "the extended attribute \"\(excerpt(attribute.name))\" cannot be set; leave attributes out")
      }
    }
    return dropped
  }

  /// Symbolic links and special files carry no attribute that is kept.
  private func refuseAttributes(of entry: ArchiveEntry) throws(ArchiveError) {
    guard options.attributes == .refuse, let first = entry.xattrs.first else { return }
    throw refusal(first, entry)
  }

  private func refusal(_ attribute: ExtendedAttribute, _ entry: ArchiveEntry) -> ArchiveError {
    ArchiveError(
      .attributeRefused, operation: "extract", subject: "entry \(excerpt(entry.path.bytes))",
      detail: "it has the extended attribute \"\(excerpt(attribute.name))\", which is refused here")
  }

  /// Whether an attribute is harmless.
  ///
  /// `user.overlay.*` steers overlayfs; `security.capability` speaks of the owner's user namespace, so it is
  /// kept only where owners are those of the archive.
  private func keeps(_ name: [UInt8]) -> Bool {
    switch options.attributes {
    case .none: return false
    case .drop, .refuse:
      if name.elementsEqual("security.capability".utf8) { return options.ownership == .archive }
      return name.starts(with: "user.".utf8) && !name.starts(with: "user.overlay.".utf8)
    }
  }
}

extension ArchiveEntry {
  /// For utimensat: the time of access is not in an archive, so that of modification stands for it.
  fileprivate func withTimes(
    _ body: (UnsafePointer<timespec>) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    let time = timespec(tv_sec: Int(clamping: modified.seconds), tv_nsec: Int(modified.nanoseconds))
    var pair = (time, time)
    try withUnsafeMutablePointer(to: &pair) { pair throws(ArchiveError) in
      try pair.withMemoryRebound(to: timespec.self, capacity: 2) { times throws(ArchiveError) in
        try body(times)
      }
    }
  }
}
