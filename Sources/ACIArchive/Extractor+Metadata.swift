import CAppcLinux
import Glibc

extension Extractor {
  /// Owner, mode, attributes, times of an open file or directory that was made with mode `isNew`.
  ///
  /// chown takes away setuid bits and capabilities; every change but that of the times changes the times.
  mutating func finishMetadata(
    of raw: CInt, _ entry: ArchiveEntry, isNew mode: mode_t
  ) throws(ArchiveError) {
    let owner = try owner(of: entry)
    if let owner, owner != creator, fchown(raw, owner.uid, owner.gid) != 0 {
      throw fault(
        errno, entry, "it cannot be given to \(owner.uid):\(owner.gid); extract as root or for the caller")
    }
    let final = permissions(of: entry)
    if final != mode, fchmod(raw, final) != 0 {
      throw fault(errno, entry, "its mode cannot be set")
    }
    try setAttributes(of: raw, entry)
    let times = entry.times
    guard times.withUnsafeBufferPointer({ futimens(raw, $0.baseAddress) }) == 0 else {
      throw fault(errno, entry, "its times cannot be set")
    }
  }

  /// The same for what must not be opened; `mode` is nil for symbolic links, which have none.
  func finishWithoutOpening(
    _ entry: ArchiveEntry, in parent: CInt, mode: UInt16?
  ) throws(ArchiveError) {
    let owner = try owner(of: entry)
    let failure: String? = withCString(entry.path.lastComponent) { name in
      if let owner, owner != creator, fchownat(parent, name, owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) != 0 {
        return "it cannot be given to \(owner.uid):\(owner.gid); extract as root or for the caller"
      }
      if mode != nil, fchmodat(parent, name, permissions(of: entry), AT_SYMLINK_NOFOLLOW) != 0 {
        return "its mode cannot be set"
      }
      let times = entry.times
      return times.withUnsafeBufferPointer { utimensat(parent, name, $0.baseAddress, AT_SYMLINK_NOFOLLOW) }
        == 0
        ? nil : "its times cannot be set"
    }
    if let failure { throw fault(errno, entry, failure) }
  }

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
        throw fault(
          EOVERFLOW, entry, "its owner \(entry.uid):\(entry.gid) is not among the \(count) mapped ones")
      }
      return Owner(uid: shiftedUID, gid: shiftedGID)
    }
  }

  /// The mode; setuid and setgid only where the owner is the one that the image means.
  private func permissions(of entry: ArchiveEntry) -> mode_t {
    mode_t(options.ownership == .caller ? entry.mode & 0o1777 : entry.mode)
  }

  private mutating func setAttributes(of raw: CInt, _ entry: ArchiveEntry) throws(ArchiveError) {
    for attribute in entry.xattrs {
      guard keeps(attribute.name) else {
        guard options.attributes != .refuse else { throw refusal(attribute, entry) }
        report.droppedAttributes += 1
        continue
      }
      let result = retrying {
        withCString(attribute.name) { appc_fsetxattr(raw, $0, attribute.value, attribute.value.count) }
      }
      guard result == 0 else {
        throw fault(
          -result, entry,
          "the extended attribute \"\(excerpt(attribute.name))\" cannot be set; leave attributes out")
      }
    }
  }

  /// Symbolic links and special files carry no attribute that is kept.
  func refuseAttributes(of entry: ArchiveEntry) throws(ArchiveError) {
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
  fileprivate var times: [timespec] {
    let time = timespec(tv_sec: Int(clamping: modified.seconds), tv_nsec: Int(modified.nanoseconds))
    return [time, time]
  }
}
