import ACIArchive
public import AppcSchema
import Logging
import SystemPackage

extension ImageStore {
  /// Renders an image on the images it depends on, or finds the tree that was rendered before.
  ///
  /// The tree appears whole or not at all. Idempotent: the same images give the same tree, once. Every blob is
  /// checked against its ID while it is read. Blocks until everything is written and synced; needs as much disk
  /// space as the files take. Device nodes are left out: pods get theirs from the host. As root, files keep their
  /// owners; otherwise all belong to the caller.
  ///
  /// Throws `notFound`, `dependency`, `corrupt`, `diskFull`. Spec: ace.md, "Filesystem Setup" (G1-G8).
  public func render(_ id: ImageID) throws(StoreError) -> RenderedTree {
    let graph = try StoreImages(store: self).graph(below: id)
    let treeID: TreeID
    do {
      treeID = try TreeID(of: graph)
    } catch {
      throw StoreError(error, operation: "render", subject: id.short)
    }
    let (manifest, bytes) = try self.manifest(of: id)
    let tree = tree(treeID, of: id, manifest, bytes)
    if Kernel.exists(root.descriptor, StoreLayout.tree(treeID)) { return tree }
    do throws(StoreError) {
      try make(tree, graph)
    } catch {
      throw quarantineDamaged(graph.nodes.keys, after: error)
    }
    return tree
  }

  /// Renders under a lock, so that others who want the same tree wait for it instead of doing the work twice.
  private func make(_ tree: RenderedTree, _ graph: RenderGraph) throws(StoreError) {
    let lock = try lockRendering(of: tree.id)
    if Kernel.exists(root.descriptor, StoreLayout.tree(tree.id)) { return }
    let renderer = try TreeRenderer(root, work: try OperationDirectory(for: "render", in: root))
    let extractor: Extractor
    do {
      extractor = try renderer.extractor()
    } catch {
      throw StoreError(error, operation: "render", subject: tree.image.short)
    }
    let report = try TreeExtraction(StoreImages(store: self), extractor, limits: .ofImported).run(graph)
    try renderer.describe(tree, images: graph.nodes.keys.sorted(), report)
    try renderer.publish(tree.id)
    lock.release()
    logger.debug("image rendered", metadata: ["image": "\(tree.image.short)", "tree": "\(tree.id)"])
  }

  /// Gives a tree that was made without the lock its name, unless somebody else was faster: then theirs is as good.
  func publish(_ rendering: consuming TreeRenderer, _ tree: RenderedTree) throws(StoreError) -> RenderedTree {
    let lock = try lockRendering(of: tree.id)
    if Kernel.exists(root.descriptor, StoreLayout.tree(tree.id)) { return tree }
    try rendering.publish(tree.id)
    lock.release()
    logger.debug("image rendered", metadata: ["image": "\(tree.image.short)", "tree": "\(tree.id)"])
    return tree
  }

  /// A tree of this store, there or not.
  func tree(
    _ tree: TreeID, of image: ImageID, _ manifest: ImageManifest, _ manifestBytes: [UInt8]
  ) -> RenderedTree {
    RenderedTree(
      id: tree, image: image, rootfs: root.fullPath(StoreLayout.tree(tree).appending("rootfs")),
      manifest: manifest, manifestBytes: manifestBytes)
  }

  /// The lock under which a tree is made.
  func lockRendering(of tree: TreeID) throws(StoreError) -> FileLock {
    let name = StoreLayout.renderLock(String(decoding: tree.hex.utf8.prefix(2), as: UTF8.self))
    try attempting("render", "\(tree)") { () throws(Errno) in try Kernel.makeFile(root.descriptor, name) }
    return try lock(name, .exclusive)
  }

  /// Disk space of the trees of each image, for lists.
  func treeBytesByImage() throws(StoreError) -> [ImageID: Int64] {
    var total: [ImageID: Int64] = [:]
    for id in try treeIDs() {
      guard let digest = treeDigest(id) else { continue }
      total[digest.image, default: 0] =
        total[digest.image, default: 0].addingReportingOverflow(digest.contentBytes).partialValue
    }
    return total
  }

  func treeIDs() throws(StoreError) -> [TreeID] {
    try attempting("list trees", root.path.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.trees).compactMap(TreeID.init).sorted()
    }
  }

  func treeDigest(_ id: TreeID) -> TreeDigest? {
    let name = StoreLayout.tree(id).appending("digest.json")
    return (try? root.contents(of: name, limit: TreeDigest.maxFileBytes)).flatMap(TreeDigest.init)
  }
}

extension ArchiveLimits {
  /// An image of a store was within the limits of whoever imported it: whatever they allowed, it can be rendered.
  ///
  /// Limits on what is read into memory at once stay, but for the manifest's, which is no longer than its blob.
  static var ofImported: ArchiveLimits {
    var limits = ArchiveLimits()
    limits.manifestBytes = Int(Int32.max)
    limits.entries = Int(Int32.max)
    limits.namesBytes = Int(UInt32.max)
    limits.pathBytes = Int(Int32.max)
    limits.depth = Int(Int32.max)
    limits.expandedBytes = .max
    return limits
  }
}
