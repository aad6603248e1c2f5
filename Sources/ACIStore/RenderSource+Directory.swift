import ACIArchive
import AppcSchema
import SystemPackage

extension RenderSource {
  /// Renders to a directory: complete under its name, or nothing at all.
  ///
  /// `progress` has passed what was read before.
  func render(
    _ graph: RenderGraph, to destination: FilePath, _ options: RenderOptions, progress: RenderProgress
  ) throws(StoreError) {
    var staging = try makeStaging(for: destination, options)
    do throws(StoreError) {
      try fill(staging.descriptor, graph, destination, options, progress)
      do {
        if options.rootfsOnly { try staging.publish(content: "rootfs") } else { try staging.publish() }
      } catch {
        throw StoreError(rendering: error, to: destination)
      }
    } catch {
      try? staging.discard()
      throw error
    }
  }

  private func makeStaging(
    for destination: FilePath, _ options: RenderOptions
  ) throws(StoreError) -> StagingDirectory {
    do {
      return try StagingDirectory(for: destination, overwriting: options.overwrite)
    } catch {
      throw StoreError(rendering: error, to: destination)
    }
  }

  private func fill(
    _ directory: FileDescriptor, _ graph: RenderGraph, _ destination: FilePath, _ options: RenderOptions,
    _ progress: RenderProgress
  ) throws(StoreError) {
    let extraction = ExtractionOptions(ownership: options.ownership ?? .ofStores, devices: options.devices)
    let extractor: Extractor
    do {
      extractor = try Extractor(into: directory, options: extraction)
    } catch {
      throw StoreError(error, operation: "render", subject: destination.shown)
    }
    _ = try TreeExtraction(self, extractor, limits: options.limits, progress: progress).run(graph)
    if options.rootfsOnly { return }
    let manifest = try manifestBytes(of: graph.top)
    try attempting("render", destination.shown) { () throws(Errno) in
      let file = try Kernel.createFile(directory.rawValue, "manifest", mode: 0o644)
      try Kernel.writeAll(file.raw, manifest)
    }
  }
}

extension StoreError {
  /// The error for a directory that could not be made or named.
  fileprivate init(rendering error: ArchiveError, to destination: FilePath) {
    guard error.code == .destinationExists else {
      self.init(error, operation: "render to", subject: destination.shown)
      return
    }
    self.init(
      .exists, operation: "render to", subject: destination.shown, detail: error.detail, errno: .fileExists,
      cause: error)
  }
}
