import ACIArchive
import AppcSchema
import SystemPackage

/// The tree of an image that is being imported: made in the same pass, from the bytes that are hashed.
///
/// It can only be the tree of an image that stands alone, and that is not certain before the manifest was read, which
/// may come last (B12). What is not published goes with the value.
struct SpeculativeTree: ~Copyable {
  // In this order: the extractor's threads end before the directory that they write to is removed.
  private var extractor: Extractor
  private let renderer: TreeRenderer

  init(_ root: StoreRoot, for image: String) throws(StoreError) {
    let renderer = try TreeRenderer(root, work: try OperationDirectory(for: "import", in: root))
    do {
      extractor = try renderer.extractor()
    } catch {
      throw StoreError(error, operation: "import", subject: image)
    }
    self.renderer = renderer
  }

  /// Makes what an entry describes, if it belongs to the tree.
  mutating func extract(_ entry: ArchiveEntry, content reader: inout ArchiveReader) throws(ArchiveError) {
    if entry.path.starts(with: .rootfs) { try extractor.extract(entry, content: &reader) }
  }

  /// Completes the tree but for its name.
  consuming func finish(_ tree: RenderedTree, for image: String) throws(StoreError) -> TreeRenderer {
    let report: ExtractionReport
    do {
      report = try extractor.finish()
    } catch {
      throw StoreError(error, operation: "import", subject: image)
    }
    try renderer.describe(tree, images: [tree.image], report)
    return renderer
  }
}

extension ImageManifest {
  /// Whether the image is rendered as it is, without other images and with everything that is in it.
  var standsAlone: Bool { dependencies.isEmpty && pathWhitelist.isEmpty }
}
