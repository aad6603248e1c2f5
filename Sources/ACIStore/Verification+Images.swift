import ACIArchive
import AppcSchema
import SystemPackage

extension Verification {
  /// Checks an image's blob, and what lies beside it in the store.
  mutating func check(_ id: ImageID) throws(StoreError) {
    // A mode that forbids reading is put right first.
    try checkFile(StoreLayout.blob(id), .blob)
    guard
      let blob = try BlobExamination(
        of: id, in: store, limits: options.limits, progress: blobProgress(id))
    else { return }
    switch blob.condition {
    case .unreadable(let reason): return note(.unreadable, .image(id), reason)
    case .good(let summary): try checkTraces(of: id, summary, blob.file)
    case .damaged(let reason): try putAside(id, blob.file, reason)
    }
    report.images += 1
    report.bytes += blob.file.bytes
  }

  private mutating func putAside(
    _ id: ImageID, _ examined: Kernel.Status, _ reason: String
  ) throws(StoreError) {
    guard options.repairs else { return note(.damagedBlob, .image(id), reason) }
    do throws(StoreError) {
      switch try store.quarantine(id, examined) {
      case .moved(let place):
        note(
          .damagedBlob, .image(id), "\(reason); it now lies in \(place.shown): import it again", .quarantined)
      case .inUse:
        note(.damagedBlob, .image(id), "\(reason); it is in use: verify again later")
      case .gone: break
      }
    } catch {
      note(.damagedBlob, .image(id), "\(reason); it cannot be put aside: \(error.detail)")
    }
  }

  /// Compares record, manifest copy and index entry with the blob, and writes them anew where they differ.
  private mutating func checkTraces(
    of id: ImageID, _ summary: ArchiveSummary, _ blob: Kernel.Status
  ) throws(StoreError) {
    let length = summary.manifestBytes.count
    if try ImageTraces(of: id, in: store, manifestBytes: length).faults(by: summary).isEmpty { return }
    // An import may be writing them, or a removal removing them: look again while neither can.
    let shard = try store.lockShard(of: id)
    guard let named = try store.blobStatus(id), named.isUnchanged(since: blob) else { return }
    let traces = try ImageTraces(of: id, in: store, manifestBytes: length)
    for fault in traces.faults(by: summary) {
      let store = store
      note(fault.problem, .image(id), fault.detail, .rebuilt) { () throws(StoreError) in
        try traces.rebuild(fault, by: summary, blob, in: store)
      }
    }
    shard.release()
  }
}
