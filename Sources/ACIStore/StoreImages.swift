import ACIArchive
import AppcSchema
import SystemPackage

/// The images of a store, to be rendered; each is marked as used.
struct StoreImages: RenderSource {
  let store: ImageStore

  var catalogue: EntryCatalogue { EntryCatalogue() }

  func node(of image: ImageID) throws(StoreError) -> RenderGraph.Node {
    // Before it is read: a collector that looks later sees the use, and one that was faster leaves nothing to read.
    if try store.contains(image) { store.touch(image) }
    let manifest = try store.manifest(of: image).manifest
    return try RenderGraph.Node(image, manifest) { (dependency) throws(StoreError) in
      try store.resolve(dependency, of: manifest.name.text)
    }
  }

  func manifestBytes(of image: ImageID) throws(StoreError) -> [UInt8] { try store.manifest(of: image).bytes }

  func size(of image: ImageID) throws(StoreError) -> RenderSize {
    let bytes = try store.blobStatus(image)?.bytes ?? 0
    return RenderSize(stored: bytes, expanded: bytes)
  }

  /// The lock on the blob keeps it from being removed.
  func read(
    _ image: ImageID, _ options: ArchiveReader.Options,
    _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
  ) throws(StoreError) {
    let blob = try store.openBlob(image, for: "render")
    let summary: ArchiveSummary?
    do {
      summary = try ArchiveReader.readThrough(ByteSource(blob.descriptor, name: image.short), options, body)
    } catch {
      throw StoreError.damagedBlob(image, error, operation: "render")
    }
    if let summary, summary.imageID != image {
      throw StoreError.corrupt(
        "render", image.short, "its blob was changed on the disk: remove the image and import it again")
    }
  }
}

extension RenderSource {
  /// The graph below an image.
  func graph(below top: ImageID) throws(StoreError) -> RenderGraph {
    try RenderGraph.load(top) { (image) throws(StoreError) in try node(of: image) }
  }
}
