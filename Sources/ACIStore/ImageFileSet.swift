public import SystemPackage

/// An image and the images it may depend on, each in a file: rendered without a store.
///
/// Files may be compressed. The order of dependencies matters only where several of them fit: then the last is taken,
/// as a store takes what was imported last. A file that nothing depends on does no harm.
public struct ImageFileSet: Sendable {
  /// The file of the image to render.
  public let top: FilePath
  /// The files of images that it, or what it depends on, may depend on.
  public let dependencies: [FilePath]

  /// Makes a set; nothing is opened yet.
  public init(top: FilePath, dependencies: [FilePath]) {
    self.top = top
    self.dependencies = dependencies
  }

  /// Renders the image on the images it depends on.
  ///
  /// The directory holds `manifest` and `rootfs`, or is the root file system itself (`rootfsOnly`). It appears whole or
  /// not at all, and may replace another, as with ``ImageStore/render(_:to:options:)``. Each file is read twice: to
  /// find out which image it is and whether it breaks a rule, and to extract it; the second reading must find the same
  /// image. Each must be a regular file. Blocks. Nothing is synced.
  ///
  /// Throws `refused` with the rule that an image breaks, `dependency`, naming what is missing, `exists`, `diskFull`,
  /// `stopped`, `system`. Spec: ace.md, "Filesystem Setup" (G1-G8).
  public func render(
    to destination: FilePath, options: RenderOptions = RenderOptions()
  ) throws(StoreError) {
    var files: [OpenImageFile] = []
    // What is given last is found first, and the image itself only if no other fits.
    for path in [top] + dependencies { files.append(try OpenImageFile(path)) }
    let totalStored = 2 * files.reduce(0) { $0 + $1.storedBytes }
    var progress = RenderProgress(options.progress, totalStored: totalStored)
    let images = try FileImages(reading: files, options.limits, &progress)
    let graph = try images.graph(below: images.top)
    for image in images.ids where graph.nodes[image] == nil { progress.pass(try images.size(of: image)) }
    try images.render(graph, to: destination, options, progress: progress)
  }
}
