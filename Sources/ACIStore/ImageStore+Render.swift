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
    let graph = try renderGraph(of: id)
    let treeID: TreeID
    do {
      treeID = try TreeID(of: graph)
    } catch {
      throw StoreError(error, operation: "render", subject: id.short)
    }
    let (manifest, bytes) = try self.manifest(of: id)
    let tree = RenderedTree(
      id: treeID, image: id, rootfs: root.fullPath(StoreLayout.tree(treeID).appending("rootfs")),
      manifest: manifest, manifestBytes: bytes)
    if Kernel.exists(root.descriptor, StoreLayout.tree(treeID)) { return tree }
    try make(tree, graph)
    return tree
  }

  /// Renders under a lock, so that others who want the same tree wait for it instead of doing the work twice.
  private func make(_ tree: RenderedTree, _ graph: RenderGraph) throws(StoreError) {
    let lockName = StoreLayout.renderLock(String(decoding: tree.id.hex.utf8.prefix(2), as: UTF8.self))
    try attempting("render", tree.image.short) { () throws(Errno) in
      try Kernel.makeFile(root.descriptor, lockName)
    }
    let lock = try FileLock(in: root.descriptor, lockName, .exclusive, waiting: .forever)
    if Kernel.exists(root.descriptor, StoreLayout.tree(tree.id)) { return }
    let work = try OperationDirectory(for: "render", in: root)
    var renderer = try TreeRenderer(self, work: work)
    try renderer.extract(graph)
    try renderer.describe(tree, graph)
    try renderer.publish(tree.id)
    lock.release()
    logger.debug("image rendered", metadata: ["image": "\(tree.image.short)", "tree": "\(tree.id)"])
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
