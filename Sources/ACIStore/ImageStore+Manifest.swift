public import AppcSchema
import ACIArchive
import SystemPackage

extension ImageStore {
  /// The manifest of an image, read tolerantly, and its bytes as they stand in the image.
  ///
  /// Throws `notFound` when the image is not in the store, `corrupt` when its blob is damaged; the blob is then put
  /// aside.
  public func manifest(of id: ImageID) throws(StoreError) -> (manifest: ImageManifest, bytes: [UInt8]) {
    do throws(StoreError) {
      return try manifestLeavingDamage(of: id)
    } catch {
      throw quarantineDamaged([id], after: error)
    }
  }

  /// As `manifest(of:)`, but a damaged blob stays where it is.
  func manifestLeavingDamage(
    of id: ImageID
  ) throws(StoreError) -> (manifest: ImageManifest, bytes: [UInt8]) {
    guard let blob = try blobStatus(id) else { throw StoreError.noImage(id, operation: "read manifest of") }
    if let copy = storedManifest(of: id, blob) { return copy }
    let (manifest, bytes) = try readManifest(of: id)
    // The copy is a convenience; this caller has the manifest.
    try? writeManifest(bytes, of: id)
    return (manifest, bytes)
  }

  /// Keeps a copy of the manifest beside the record: in a blob it may lie behind everything else (B12).
  ///
  /// It is derivable and not synced: what a power cut leaves of it is no manifest, and is written again.
  func writeManifest(_ bytes: [UInt8], of id: ImageID) throws(StoreError) {
    try root.put(bytes, as: StoreLayout.manifest(id), for: "import", id.short)
  }

  /// A copy of what stands in the blob is no longer than that, whatever the importer allowed.
  private func storedManifest(of id: ImageID, _ blob: Kernel.Status) -> (ImageManifest, [UInt8])? {
    let limit = min(ArchiveLimits.ofImported.manifestBytes, Int(clamping: blob.bytes))
    guard
      let stored = try? root.contents(of: StoreLayout.manifest(id), limit: limit),
      let reading = try? ImageManifest.read(stored, limits: JSONLimits(bytes: limit))
    else { return nil }
    return (reading.value, stored)
  }

  /// Reads the manifest from the blob.
  func readManifest(of id: ImageID) throws(StoreError) -> (ImageManifest, [UInt8]) {
    let blob = try openBlob(id, for: "read manifest of")
    var limits = ArchiveLimits.ofImported
    // Of a damaged blob the header may say anything.
    if let status = try? Kernel.status(blob.descriptor.rawValue) {
      limits.manifestBytes = min(limits.manifestBytes, Int(clamping: status.bytes))
    }
    do {
      let source = ByteSource(blob.descriptor, name: id.short)
      let read = try Archive.manifest(source, options: .init(limits: limits))
      return (read.manifest, read.bytes)
    } catch {
      throw StoreError.damagedBlob(id, error, operation: "read manifest of")
    }
  }

  /// The blob of an image under a shared lock: as long as the lock is held it is not removed.
  func openBlob(_ id: ImageID, for operation: String) throws(StoreError) -> FileLock {
    do {
      return try lock(StoreLayout.blob(id), .shared)
    } catch {
      if error.code == .notFound { throw StoreError.noImage(id, operation: operation) }
      throw error
    }
  }
}

extension StoreError {
  /// A blob that was checked when it was written and no longer passes.
  static func damagedBlob(_ id: ImageID, _ error: ArchiveError, operation: String) -> StoreError {
    // What is refused by a policy, or costs too much, may be as it was imported.
    if [.io, .stopped, .deviceRefused, .attributeRefused, .limitExceeded].contains(error.code) {
      return StoreError(error, operation: operation, subject: id.short)
    }
    return .corrupt(
      operation, id.short, "its blob was changed on the disk: remove the image and import it again",
      cause: error)
  }
}
