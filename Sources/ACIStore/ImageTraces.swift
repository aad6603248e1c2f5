import ACIArchive
import AppcSchema
import SystemPackage

/// What lies beside an image's blob: all of it is derivable from the blob, but for when and whence it came.
struct ImageTraces {
  /// A way in which something differs from the blob.
  enum Fault: Equatable {
    case record(String)
    case manifest(String)
    case index
  }

  let id: ImageID
  let record: ImageRecord?
  let hasRecord: Bool
  let manifest: [UInt8]?
  let isIndexed: (ACIdentifier) -> Bool

  /// Reads what is there; of the copy of the manifest, nothing if it is longer than `manifestBytes`.
  init(of id: ImageID, in store: ImageStore, manifestBytes: Int) throws(StoreError) {
    self.id = id
    record = try store.storedRecord(of: id)
    hasRecord = Kernel.exists(store.root.descriptor, StoreLayout.record(id))
    do {
      manifest = try store.root.contents(of: StoreLayout.manifest(id), limit: manifestBytes)
    } catch .fileTooLarge {
      manifest = []
    } catch {
      throw StoreError(system: error, operation: "read manifest of", subject: id.short)
    }
    isIndexed = { Kernel.exists(store.root.descriptor, NameIndex.entry(id, of: $0)) }
  }

  /// What is not as the blob says.
  func faults(by summary: ArchiveSummary) -> [Fault] {
    var faults: [Fault] = []
    if let fault = recordFault(by: summary) { faults.append(.record(fault)) }
    if manifest != summary.manifestBytes {
      faults.append(.manifest(manifest == nil ? "it is missing" : "it is not what stands in the blob"))
    }
    if !isIndexed(summary.manifest.name) { faults.append(.index) }
    return faults
  }

  private func recordFault(by summary: ArchiveSummary) -> String? {
    guard let record else { return hasRecord ? "it is no record of this image" : "it is missing" }
    if record.name != summary.manifest.name {
      return "it says \(record.name), and the blob \(summary.manifest.name)"
    }
    if record.labels != summary.manifest.labels { return "its labels are not those in the blob" }
    return record.tarBytes == summary.tarBytes
      ? nil : "it says \(record.tarBytes) bytes, and the blob has \(summary.tarBytes)"
  }

  /// Writes what is wrong anew; with the shard's lock held.
  func rebuild(
    _ fault: Fault, by summary: ArchiveSummary, _ blob: Kernel.Status, in store: ImageStore
  ) throws(StoreError) {
    let rebuilt = ImageRecord(
      id: id, manifest: summary.manifest, tarBytes: summary.tarBytes,
      importedAt: record?.importedAt ?? blob.modified, isLatest: record?.isLatest ?? false,
      origin: record?.origin)
    switch fault {
    case .record: try store.write(rebuilt)
    case .manifest: try store.writeManifest(summary.manifestBytes, of: id)
    case .index: try store.addToIndex(rebuilt)
    }
  }
}

extension ImageTraces.Fault {
  var problem: VerificationFinding.Problem {
    switch self {
    case .record: .wrongRecord
    case .manifest: .wrongManifest
    case .index: .wrongIndex
    }
  }

  var detail: String {
    switch self {
    case .record(let detail), .manifest(let detail): detail
    case .index: "it lacks the image"
    }
  }
}
