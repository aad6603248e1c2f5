import ACIArchive
import AppcSchema
import SystemPackage

extension ImageStore {
  /// What is known of a URL, if an image was fetched there that the store still has.
  ///
  /// A record that is damaged, or about another URL, is as none. Throws `system`.
  public func remote(of url: String) throws(StoreError) -> RemoteRecord? {
    let file = try RemoteRecord.file(of: url)
    guard let record = try remoteRecord(in: file)?.record, record.url.hasSameBytes(as: url) else {
      return nil
    }
    return try contains(record.imageID) ? record : nil
  }

  /// Every remote record whose image the store has, ordered by URL.
  ///
  /// Throws `system`.
  public func remotes() throws(StoreError) -> [RemoteRecord] {
    var records: [RemoteRecord] = []
    for file in try remoteFiles() {
      if let record = file.record, try contains(record.imageID) { records.append(record) }
    }
    return records.sorted { $0.url.utf8.lexicographicallyPrecedes($1.url.utf8) }
  }

  /// Keeps what is known of a URL, in place of what was known before.
  ///
  /// Atomic, and on the disk when this returns but for the file's name, as the record of an image: losing one costs
  /// a fetch. Throws `diskFull` or `system`.
  public func setRemote(_ record: RemoteRecord) throws(StoreError) {
    let file = try RemoteRecord.file(of: record.url)
    try root.put(record.serialized(), as: file, for: "record", file.shown, synced: true)
  }

  /// Forgets a URL; one that is not known is as good.
  ///
  /// Needs no free disk space. Throws `system`.
  public func removeRemote(of url: String) throws(StoreError) {
    let file = try RemoteRecord.file(of: url)
    try attempting("remove", file.shown) { () throws(Errno) in try root.removeFile(file) }
  }
}

/// A file of `remotes/`.
struct RemoteFile {
  let path: FilePath
  /// What it takes on the disk.
  let bytes: Int64
  /// Otherwise it was not read, and holds no record.
  let isRegular: Bool
  /// Nil when it is damaged, or lies under another URL's name.
  let record: RemoteRecord?
}

extension ImageStore {
  /// Every file of `remotes/`, damaged ones too: for those who clean up.
  func remoteFiles() throws(StoreError) -> [RemoteFile] {
    let names = try attempting("list", StoreLayout.remotes.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.remotes)
    }
    var files: [RemoteFile] = []
    for name in names {
      if let file = try remoteRecord(in: StoreLayout.remotes.appending(name)) { files.append(file) }
    }
    return files
  }

  /// Nil when there is no such file.
  func remoteRecord(in path: FilePath) throws(StoreError) -> RemoteFile? {
    guard let status = try? Kernel.status(root.descriptor, path) else { return nil }
    let bytes: [UInt8]?
    do throws(Errno) {
      if status.isRegular {
        bytes = try root.contents(of: path, limit: RemoteRecord.maxFileBytes)
        // Removed since the first look.
        if bytes == nil { return nil }
      } else {
        bytes = nil
      }
    } catch .fileTooLarge {
      bytes = nil
    } catch {
      throw StoreError(system: error, operation: "read", subject: path.shown)
    }
    var record = bytes.flatMap { RemoteRecord($0) }
    if let url = record?.url, try RemoteRecord.file(of: url) != path { record = nil }
    return RemoteFile(path: path, bytes: status.diskBytes, isRegular: status.isRegular, record: record)
  }
}
