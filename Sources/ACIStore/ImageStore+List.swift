import ACIArchive
public import AppcSchema
import Logging
import Synchronization
import SystemPackage

extension ImageStore {
  /// Every image, ordered by name, then by the time of import.
  ///
  /// An image that is imported or removed meanwhile may be in the list or not. Of a thousand images or more, one
  /// half is read by a thread of its own. Throws `corrupt` for an image whose record and blob are both damaged.
  public func images() throws(StoreError) -> [ImageRecord] {
    let treeBytes = try treeBytesByImage()
    var records = try self.records(of: try imageIDs())
    if !treeBytes.isEmpty {
      for index in records.indices { records[index].treeBytes = treeBytes[records[index].id] }
    }
    return NameOrder(records).sorted
  }

  /// The IDs of every image, in order.
  public func imageIDs() throws(StoreError) -> [ImageID] {
    var ids: [ImageID] = []
    for shard in try shards() { ids += try imageIDs(inShard: shard).sorted() }
    return ids
  }

  /// The shards that are there, in order: copying a store with a tool that drops empty directories loses the others.
  private func shards() throws(StoreError) -> [String] {
    let names = try attempting("list", root.path.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.blobs)
    }
    return StoreLayout.shards.filter(Set(names).contains)
  }

  /// The IDs in a shard, in no order; only those that begin with `prefix`, if one is given.
  func imageIDs(inShard shard: String, beginningWith prefix: [UInt8]? = nil) throws(StoreError) -> [ImageID] {
    var ids: [ImageID] = []
    try attempting("list", root.path.shown) { () throws(Errno) in
      try root.forEachName(in: StoreLayout.shardDirectory(shard)) { name in
        if let id = ImageFileName.imageID(name, beginningWith: prefix) { ids.append(id) }
      }
    }
    return ids
  }

  /// The record of an image, or nil when it was removed in the meantime, or is so damaged that only `verify` can tell
  /// what to do: one bad image keeps nobody from the others.
  func presentRecord(of id: ImageID) throws(StoreError) -> ImageRecord? {
    do {
      return try record(of: id)
    } catch {
      if error.code == .notFound { return nil }
      guard error.code == .corrupt else { throw error }
      logger.warning("\(error)")
      return nil
    }
  }
}

extension ImageStore {
  /// So many records are worth a thread.
  private static var manyImages: Int { 1000 }

  /// What another thread has read.
  private final class Half: Sendable {
    let records = Mutex<Result<[ImageRecord], StoreError>>(.success([]))
  }

  private func records(of ids: [ImageID]) throws(StoreError) -> [ImageRecord] {
    let half = Half()
    let middle = ids.count / 2
    let thread =
      ids.count < Self.manyImages
      ? nil : WorkerThread.start { half.records.withLock { $0 = self.scan(ids[middle...]) } }
    guard let thread else { return try scan(ids[...]).get() }
    let first = scan(ids[..<middle])
    thread.join()
    return try first.get() + half.records.withLock { $0 }.get()
  }

  private func scan(_ ids: ArraySlice<ImageID>) -> Result<[ImageRecord], StoreError> {
    do throws(StoreError) {
      let root = root
      var scan = try attempting("list", root.path.shown) { () throws(Errno) in try RecordScan(root) }
      var records: [ImageRecord] = []
      records.reserveCapacity(ids.count)
      for id in ids {
        // What is lost is derived from the blob.
        if let record = scan.record(of: id) {
          records.append(record)
        } else if let record = try presentRecord(of: id) {
          records.append(record)
        }
      }
      return .success(records)
    } catch {
      return .failure(error)
    }
  }
}
