import ACIArchive
import AppcSchema

/// Extracts what each image of a graph gives, beneath one directory.
struct TreeExtraction: ~Copyable {
  private let source: any RenderSource
  private let limits: ArchiveLimits
  private var extractor: Extractor
  private var progress: RenderProgress

  init(
    _ source: any RenderSource, _ extractor: consuming Extractor, limits: ArchiveLimits = .default,
    progress: RenderProgress = RenderProgress(nil, totalStored: 0)
  ) {
    self.source = source
    self.limits = limits
    self.extractor = extractor
    self.progress = progress
  }

  /// Extracts the root file system of the graph's top, and checks the ID of every image that gives something.
  ///
  /// When it returns or throws, nothing is being written any more.
  consuming func run(_ graph: RenderGraph) throws(StoreError) -> ExtractionReport {
    if graph.isPlanned {
      let plan = try plan(graph)
      let layers = Dictionary(uniqueKeysWithValues: plan.layers.map { ($0.image, $0) })
      for image in graph.nodes.keys where layers[image] == nil { progress.pass(try source.size(of: image)) }
      for layer in plan.layers { try extract(layer, plan.paths) }
    } else {
      try extractAll(graph.top)
    }
    do {
      return try extractor.finish()
    } catch {
      throw StoreError(error, operation: "render", subject: graph.top.short)
    }
  }

  private mutating func plan(_ graph: RenderGraph) throws(StoreError) -> RenderPlan {
    let applications = try graph.applications()
    var catalogue = source.catalogue
    for place in applications where catalogue[place.image] == nil {
      var list: [EntryCatalogue.Entry] = []
      try read(place.image, hashing: false) { (reader, _) throws(ArchiveError) in
        list = try catalogue.list(&reader)
      }
      catalogue.add(list, of: place.image)
    }
    return RenderPlan(applications, catalogue)
  }

  /// An image that stands alone needs no plan, whatever its size.
  private mutating func extractAll(_ image: ImageID) throws(StoreError) {
    try read(image) { (reader, extractor) throws(ArchiveError) in
      while let entry = try reader.next() {
        if entry.path.starts(with: .rootfs) { try extractor.extract(entry, content: &reader) }
      }
    }
  }

  private mutating func extract(_ layer: RenderPlan.Layer, _ paths: PathTree) throws(StoreError) {
    try read(layer.image) { (reader, extractor) throws(ArchiveError) in
      var outcomes = layer.outcomes.makeIterator()
      while var entry = try reader.next() {
        switch outcomes.next() {
        case .place(let path): try extractor.extract(entry, at: paths.path(path), content: &reader)
        case .link(_, let target):
          entry.linkTarget = paths.path(target).bytes
          try extractor.extract(entry, content: &reader)
        case .leftOut, nil: break
        }
      }
    }
  }

  private mutating func read(
    _ image: ImageID, hashing: Bool = true,
    _ body: (inout ArchiveReader, inout Extractor) throws(ArchiveError) -> Void
  ) throws(StoreError) {
    let options = ArchiveReader.Options(limits: limits, hashing: hashing, progress: progress.next)
    try source.read(image, options) { (reader) throws(ArchiveError) in try body(&reader, &extractor) }
    progress.pass(try source.size(of: image))
  }
}

extension RenderGraph {
  /// Whether images or whitelists meet: then what becomes of each entry is planned first.
  var isPlanned: Bool { nodes.count > 1 || nodes[top]?.whitelist != nil }
}
