/// The rules about an entry by itself.
extension ArchiveRules {
  /// Names that no file system holds or that only an attack has.
  func checkName(_ path: ArchivePath) throws(ArchiveError) {
    guard path.bytes.count <= limits.pathBytes else {
      throw .reading(.limitExceeded, "its name is longer than \(limits.pathBytes) bytes", of: path)
    }
    var depth = 1
    var length = 0
    for byte in path.bytes {
      length = byte == slash ? 0 : length + 1
      if byte == slash { depth += 1 }
      guard length <= limits.componentBytes else {
        throw .reading(
          .limitExceeded, "a component of its name is longer than \(limits.componentBytes) bytes",
          of: path)
      }
    }
    guard depth <= limits.depth else {
      throw .reading(.limitExceeded, "it lies more than \(limits.depth) directories deep", of: path)
    }
  }

  /// B3: `manifest`, a regular file, and `rootfs`, a directory, and what is in it.
  ///
  /// Nothing else, not even with a name that begins so.
  func checkPlace(_ entry: ArchiveEntry) throws(ArchiveError) {
    if entry.path == .manifest {
      guard entry.kind == .regular else {
        throw .reading(.invalidLayout, "the manifest must be a regular file (B3)", of: entry.path)
      }
      guard entry.size <= limits.manifestBytes else {
        throw .reading(
          .limitExceeded, "it is \(entry.size) bytes long; raise manifestBytes above \(limits.manifestBytes)",
          of: entry.path)
      }
    } else if entry.path == .rootfs {
      guard entry.kind == .directory else {
        throw .reading(.invalidLayout, "rootfs must be a directory (B3)", of: entry.path)
      }
    } else if !entry.path.starts(with: .rootfs) {
      let known = ForeignFormat.layout(with: entry.path).map { ": \($0.description)" } ?? ""
      throw .reading(
        .invalidLayout, "an image holds \"manifest\" and \"rootfs\" and nothing else (B3)\(known)",
        of: entry.path)
    }
  }

  /// Numbers within what the kernel takes without changing their meaning: chown takes an owner of 2^32 - 1
  /// for "leave it".
  func checkMetadata(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard entry.mode <= 0o7777, entry.uid != .max, entry.gid != .max else {
      throw .reading(.invalidHeader, "its mode or owner is out of range", of: entry.path)
    }
    guard entry.size >= 0, entry.kind == .regular || entry.size == 0 else {
      throw .reading(.invalidHeader, "it has content, but is not a regular file", of: entry.path)
    }
    guard entry.sparseMap.map({ entry.kind == .regular && $0.end <= entry.size }) ?? true else {
      throw .reading(.invalidHeader, "its sparse map is not that of a file of its size", of: entry.path)
    }
    var names: Set<[UInt8]> = []
    for attribute in entry.xattrs {
      guard (1...255).contains(attribute.name.count), !attribute.name.contains(0),
        attribute.value.count <= 65_536
      else {
        throw .reading(
          .attributeRefused,
          "the extended attribute \"\(excerpt(attribute.name))\" is larger than Linux allows",
          of: entry.path)
      }
      guard names.insert(attribute.name).inserted else {
        throw .reading(
          .attributeRefused, "the extended attribute \"\(excerpt(attribute.name))\" is given twice",
          of: entry.path)
      }
    }
  }

  /// Links and devices.
  func checkKind(_ entry: ArchiveEntry) throws(ArchiveError) {
    switch entry.kind {
    case .regular, .directory, .fifo: break
    case .symbolicLink: try checkSymbolicLink(entry)
    case .hardLink: try checkHardLink(entry)
    case .characterDevice, .blockDevice: try checkDevice(entry)
    }
  }

  /// A symbolic link may point anywhere, for nothing here follows it.
  private func checkSymbolicLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard !entry.linkTarget.isEmpty, !entry.linkTarget.contains(0) else {
      throw .reading(.invalidLink, "the link's target is empty or holds a NUL byte", of: entry.path)
    }
    guard entry.linkTarget.count <= limits.linkTargetBytes else {
      throw .reading(
        .limitExceeded, "the link's target is longer than \(limits.linkTargetBytes) bytes", of: entry.path)
    }
  }

  /// A hard link names an earlier file of the rootfs: never the manifest, a directory, a device, itself or
  /// anything that the image does not hold.
  private func checkHardLink(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard paths[entry.linkTarget[...]] == .linkable else {
      throw .reading(
        .invalidLink,
        "it is a hard link to \"\(excerpt(entry.linkTarget))\", which is not an earlier file of the rootfs",
        of: entry.path)
    }
  }

  /// Numbers that Linux has; a character device 0:0 is a whiteout, with which an image would delete files of
  /// others on an overlay.
  private func checkDevice(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard entry.deviceMajor < 1 << 12, entry.deviceMinor < 1 << 20 else {
      throw .reading(
        .deviceRefused, "Linux has no device \(entry.deviceMajor):\(entry.deviceMinor)", of: entry.path)
    }
    guard entry.kind == .blockDevice || entry.deviceMajor != 0 || entry.deviceMinor != 0 else {
      throw .reading(.deviceRefused, "a character device 0:0 is an overlay whiteout", of: entry.path)
    }
  }
}
