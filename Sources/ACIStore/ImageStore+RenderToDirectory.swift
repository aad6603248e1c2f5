public import AppcSchema
public import SystemPackage

extension ImageStore {
  /// Renders an image on the images it depends on, to a directory outside of the store.
  ///
  /// The directory holds `manifest` and `rootfs`, or is the root file system itself (`rootfsOnly`). It appears whole or
  /// not at all: everything is made in a hidden sibling, which then takes its name. With `overwrite` it takes the
  /// place of the directory that is there, in one step, and that one is removed afterwards. Every blob is checked
  /// against its ID while it is read. Blocks. Nothing is synced.
  ///
  /// Throws `notFound`, `dependency`, `corrupt`, `refused`, `exists`, `diskFull`, `stopped`. Spec: ace.md, "Filesystem
  /// Setup" (G1-G8).
  public func render(
    _ id: ImageID, to destination: FilePath, options: RenderOptions = RenderOptions()
  ) throws(StoreError) {
    let images = StoreImages(store: self)
    let graph = try images.graph(below: id)
    var total: Int64 = 0
    for image in graph.nodes.keys { total += try images.size(of: image).stored }
    let progress = RenderProgress(options.progress, totalStored: graph.isPlanned ? 2 * total : total)
    do throws(StoreError) {
      try images.render(graph, to: destination, options, progress: progress)
    } catch {
      throw quarantineDamaged(graph.nodes.keys, after: error)
    }
  }
}
