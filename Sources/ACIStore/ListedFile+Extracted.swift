import ACIArchive

extension ListedFile {
  /// What an extractor made beneath `rootfs`; nil for anything else, and for a file whose content it did not
  /// digest.
  init?(_ file: ExtractedFile) {
    guard let path = ListedFile.pathBeneathRoot(file.path.bytes) else { return nil }
    switch file.kind {
    case .regular:
      guard let digest = file.contentDigest else { return nil }
      kind = .regular(size: file.size, digest: digest)
    case .directory: kind = .directory
    case .symbolicLink: kind = .symbolicLink(file.linkTarget)
    case .hardLink:
      guard let target = ListedFile.pathBeneathRoot(file.linkTarget) else { return nil }
      kind = .hardLink(target)
    case .fifo: kind = .fifo
    case .characterDevice: kind = .characterDevice
    case .blockDevice: kind = .blockDevice
    }
    self.path = path
    metadata = Metadata(mode: UInt32(file.mode), uid: file.uid, gid: file.gid, modified: file.modified)
  }

  private static func pathBeneathRoot(_ path: [UInt8]) -> [UInt8]? {
    let root = ArchivePath.rootfs.bytes
    guard path.starts(with: root) else { return nil }
    if path.count == root.count { return [] }
    return path[root.count] == UInt8(ascii: "/") ? Array(path[(root.count + 1)...]) : nil
  }
}

extension TreeListingWriter {
  /// Lists whatever an extractor makes.
  var observer: Extractor.Observer {
    { (files) throws(ArchiveError) in try self.append(files.compactMap(ListedFile.init)) }
  }
}
