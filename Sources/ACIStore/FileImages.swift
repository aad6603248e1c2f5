import ACIArchive
import AppcSchema

/// The images of a set of files, to be rendered.
struct FileImages: RenderSource {
  private struct Image {
    let file: OpenImageFile
    let summary: ArchiveSummary

    var size: RenderSize { RenderSize(stored: summary.compressedBytes, expanded: summary.tarBytes) }
  }

  /// The image to render.
  let top: ImageID
  let catalogue: EntryCatalogue
  /// In the order of the files, each once.
  let ids: [ImageID]
  private let images: [ImageID: Image]

  /// Reads files to the end and checks them; the first one is the image to render.
  init(
    reading files: [OpenImageFile], _ limits: ArchiveLimits, _ progress: inout RenderProgress
  ) throws(StoreError) {
    var catalogue = EntryCatalogue()
    var ids: [ImageID] = []
    var images: [ImageID: Image] = [:]
    for file in files {
      var list: [EntryCatalogue.Entry] = []
      let options = ArchiveReader.Options(limits: limits, progress: progress.next)
      let summary = try file.read(options) { (reader) throws(ArchiveError) in
        // An image that stands alone needs no plan.
        if files.count > 1 { list = try catalogue.list(&reader) }
      }
      guard let summary else { continue }
      let image = Image(file: file, summary: summary)
      progress.pass(image.size)
      if images.updateValue(image, forKey: summary.imageID) == nil { ids.append(summary.imageID) }
      if files.count > 1 { catalogue.add(list, of: summary.imageID) }
    }
    guard let top = ids.first else {
      throw StoreError(
        .invalidArgument, operation: "render", subject: "set", detail: "give at least one file")
    }
    self.top = top
    self.catalogue = catalogue
    self.ids = ids
    self.images = images
  }

  func node(of image: ImageID) throws(StoreError) -> RenderGraph.Node {
    let manifest = try self.image(image).summary.manifest
    return try RenderGraph.Node(image, manifest) { (dependency) throws(StoreError) in
      try resolve(dependency, of: manifest.name.text)
    }
  }

  func manifestBytes(of image: ImageID) throws(StoreError) -> [UInt8] {
    try self.image(image).summary.manifestBytes
  }

  func size(of image: ImageID) throws(StoreError) -> RenderSize { try self.image(image).size }

  func read(
    _ image: ImageID, _ options: ArchiveReader.Options,
    _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
  ) throws(StoreError) {
    let file = try self.image(image).file
    guard let summary = try file.read(options, body), summary.imageID != image else { return }
    throw StoreError(
      .refused, operation: "render", subject: file.path.shown,
      detail: "it was changed while it was read: try again when nobody writes to it")
  }

  private func image(_ id: ImageID) throws(StoreError) -> Image {
    guard let image = images[id] else { throw StoreError.noImage(id, operation: "render") }
    return image
  }
}

extension FileImages {
  /// The image that a dependency means, by the rules of a store: the file given last counts as imported last.
  private func resolve(_ dependency: Dependency, of dependent: String) throws(StoreError) -> ImageID {
    // The image to render is the first of all, and so is taken only where no other fits.
    let matches = ids.filter { isMeant($0, by: dependency.reference) }
    guard let id = matches.last else {
      throw StoreError.dependency(
        of: dependent,
        "it depends on \(dependency.shown), which is in none of the \(ids.count) files: give its file too")
    }
    if case .prefix = dependency.reference, matches.count > 1 {
      throw StoreError.dependency(
        of: dependent, "it depends on \(dependency.shown), and \(matches.count) files have IDs that begin so")
    }
    try dependency.checkName(try image(id).summary.manifest.name, of: id, dependent: dependent)
    return id
  }

  private func isMeant(_ id: ImageID, by reference: ImageReference) -> Bool {
    switch reference {
    case .id(let wanted): return id == wanted
    case .prefix(let prefix): return prefix.matches(id)
    case .name(let name, let labels):
      guard let manifest = images[id]?.summary.manifest else { return false }
      return manifest.name == name && manifest.labels.satisfy(labels)
    }
  }
}
