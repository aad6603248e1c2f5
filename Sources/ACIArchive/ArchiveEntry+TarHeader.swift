extension ArchiveEntry {
  /// Puts together what a header, the extended headers before it and the global ones say.
  ///
  /// `size` is what the archive stores; a sparse map is left to the reader.
  init(
    _ header: TarHeader, _ extensions: EntryExtensions, globals: PAXRecords
  ) throws(ArchiveError) {
    let pax = extensions.pax ?? PAXRecords()
    let name = extensions.name(header)
    let size = try ArchiveEntry.size(header, pax)
    let kind = try ArchiveEntry.kind(header, name: name, size: size)
    let path = try ArchivePath(name)
    let linkName = pax.linkPath ?? extensions.longLink ?? header.linkName
    self.init(
      path: path, kind: kind,
      mode: try ArchiveEntry.mode(header, path),
      uid: try ArchiveEntry.owner(pax.uid ?? globals.uid ?? header.uid, path),
      gid: try ArchiveEntry.owner(pax.gid ?? globals.gid ?? header.gid, path),
      size: size, modified: pax.modified ?? globals.modified ?? FileTime(seconds: header.modified),
      linkTarget: try ArchiveEntry.target(linkName, kind, path),
      deviceMajor: try ArchiveEntry.device(header.deviceMajor, path),
      deviceMinor: try ArchiveEntry.device(header.deviceMinor, path), xattrs: pax.xattrs)
  }

  /// The stored size.
  ///
  /// Where the header and PAX both give one they must agree: readers that believe one see entries that
  /// readers of the other do not (TARmageddon). A header cannot say more than 8 GiB in octal.
  private static func size(_ header: TarHeader, _ pax: PAXRecords) throws(ArchiveError) -> Int64 {
    guard let size = pax.size, size != header.size else { return header.size }
    guard size != 0, header.size == 0 || size >= 1 << 33 else {
      throw .reading(
        .invalidHeader,
        "\"\(excerpt(header.name))\" has \(header.size) bytes in its header and \(size) in PAX")
    }
    return size
  }

  private static func kind(
    _ header: TarHeader, name: [UInt8], size: Int64
  ) throws(ArchiveError) -> EntryKind {
    let kind: EntryKind
    switch header.type {
    case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): kind = .regular
    // Before POSIX a directory was a file whose name ends with a slash.
    case 0: kind = name.last == slash && size == 0 ? .directory : .regular
    case UInt8(ascii: "1"): kind = .hardLink
    case UInt8(ascii: "2"): kind = .symbolicLink
    case UInt8(ascii: "3"): kind = .characterDevice
    case UInt8(ascii: "4"): kind = .blockDevice
    case UInt8(ascii: "5"): kind = .directory
    case UInt8(ascii: "6"): kind = .fifo
    default:
      throw .reading(
        .unsupported,
        "\"\(excerpt(name))\" is of tar type \"\(excerpt([header.type]))\", which no image needs")
    }
    guard kind == .directory || name.last != slash else {
      throw .reading(.invalidName, "\"\(excerpt(name))\" ends with a slash, but is not a directory")
    }
    return kind
  }

  /// The permission bits; some writers put the file type above them.
  private static func mode(_ header: TarHeader, _ path: ArchivePath) throws(ArchiveError) -> UInt16 {
    guard header.mode >= 0 else { throw .reading(.invalidHeader, "its mode is negative", of: path) }
    return UInt16(header.mode & 0o7777)
  }

  private static func owner(_ number: Int64, _ path: ArchivePath) throws(ArchiveError) -> UInt32 {
    guard let owner = UInt32(exactly: number), owner != .max else {
      throw .reading(.invalidHeader, "its owner \(number) is not in 0 ... 4294967294", of: path)
    }
    return owner
  }

  private static func device(_ number: Int64, _ path: ArchivePath) throws(ArchiveError) -> UInt32 {
    guard let device = UInt32(exactly: number) else {
      throw .reading(.deviceRefused, "Linux has no device number \(number)", of: path)
    }
    return device
  }

  /// A symbolic link's target as it is, a hard link's as a path of the image, nothing for others.
  private static func target(
    _ name: [UInt8], _ kind: EntryKind, _ path: ArchivePath
  ) throws(ArchiveError) -> [UInt8] {
    switch kind {
    case .symbolicLink: return name
    case .hardLink:
      do throws(ArchiveError) {
        return try ArchivePath(name).bytes
      } catch {
        throw .reading(
          .invalidLink, "its target \"\(excerpt(name))\" is not a name in the image", of: path, cause: error)
      }
    default: return []
    }
  }
}
