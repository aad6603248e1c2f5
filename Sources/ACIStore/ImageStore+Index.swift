import ACIArchive
import AppcSchema
import SystemPackage

/// What rebuilding the index changed.
public struct IndexReport: Sendable, Equatable {
  /// Records that were missing or damaged and were derived from their blobs.
  public internal(set) var recordsRestored = 0
  /// Images that could not be found by name.
  public internal(set) var entriesAdded = 0
  /// Files that belonged to no image, and entries under a name that is not the image's.
  public internal(set) var filesRemoved = 0
  /// Images whose record is lost and whose blob cannot be read, in words: verify them.
  public internal(set) var problems: [String] = []
}

extension ImageStore {
  /// Makes everything anew that can be derived from the blobs: the index of names, and records that are lost.
  ///
  /// What belongs to no image is removed. Needed after damage only: a power cut is noticed, and what it took is put
  /// back, by the next look-up. Reads a blob only when its record is lost. Safe beside any other operation;
  /// idempotent. Throws `diskFull` or `system`.
  public func rebuildIndex() throws(StoreError) -> IndexReport {
    var report = IndexReport()
    for id in try imageIDs() {
      do {
        try restore(id, &report)
      } catch {
        guard error.code == .corrupt else { throw error }
        report.problems.append("\(error)")
      }
    }
    report.filesRemoved = try removeTracesOfMissingImages() + removeMisplacedEntries()
    try markIndexComplete()
    return report
  }

  /// Under the lock of the shard, so that the image cannot be removed between the look and the writing.
  private func restore(_ id: ImageID, _ report: inout IndexReport) throws(StoreError) {
    let shard = try lockShard(of: id)
    guard let blob = try blobStatus(id) else { return }
    let stored = try storedRecord(of: id, fitting: blob.bytes)
    let isListed = stored.map { Kernel.exists(root.descriptor, NameIndex.entry(id, of: $0.name)) } ?? false
    // Derives a record that is lost, and leaves the writing to whoever holds the lock.
    let record = try self.record(of: id)
    if stored == nil { try write(record) }
    try addToIndex(record)
    if stored == nil { report.recordsRestored += 1 }
    if !isListed { report.entriesAdded += 1 }
    shard.release()
  }
}
