import ACIArchive
import AppcSchema
import SystemPackage

/// Writes a tree into an operation's directory and publishes it.
struct TreeRenderer: ~Copyable {
  private static let directoryName: FilePath = "tree"

  private let store: ImageStore
  private let work: OperationDirectory
  private let directory: OwnedDescriptor
  private var extractor: Extractor
  private var contentBytes: Int64 = 0

  init(_ store: ImageStore, work: consuming OperationDirectory) throws(StoreError) {
    // A store has one owner (`StoreRoot.open`), so its trees are all rendered in the same way.
    let ownership: ExtractionOptions.Ownership = Kernel.effectiveUser() == 0 ? .archive : .caller
    let parent = work.descriptor
    let directory = try attempting("render", work.name.shown) { () throws(Errno) in
      try Kernel.makeDirectory(parent, Self.directoryName)
      return try Kernel.openDirectory(parent, Self.directoryName)
    }
    do throws(ArchiveError) {
      let extractor = try Extractor(into: directory.descriptor, options: .init(ownership: ownership))
      self.init(store, work, directory, extractor)
    } catch {
      throw StoreError(error, operation: "render", subject: store.path.shown)
    }
  }

  private init(
    _ store: ImageStore, _ work: consuming OperationDirectory, _ directory: consuming OwnedDescriptor,
    _ extractor: consuming Extractor
  ) {
    self.store = store
    self.work = work
    self.directory = directory
    self.extractor = extractor
  }

  /// Extracts what each image of the graph gives.
  mutating func extract(_ graph: RenderGraph) throws(StoreError) {
    if graph.nodes.count == 1, graph.nodes[graph.top]?.whitelist == nil {
      try extract(graph.top, outcomes: nil)
    } else {
      let store = store
      let plan = try RenderPlan(try graph.applications()) { (id) throws(StoreError) in
        try store.entries(of: id)
      }
      for layer in plan.layers { try extract(layer.image, outcomes: layer.outcomes) }
    }
    do {
      contentBytes = try extractor.finish().writtenBytes
    } catch {
      throw StoreError(error, operation: "render", subject: graph.top.short)
    }
  }

  /// Extracts the entries that have an outcome, or all beneath rootfs, and checks the image's ID.
  private mutating func extract(
    _ id: ImageID, outcomes: [ArchivePath: RenderPlan.Outcome]?
  ) throws(StoreError) {
    let blob = try store.openBlob(id, for: "render")
    do {
      var reader = try ArchiveReader(ByteSource(blob.descriptor, name: id.short))
      while var entry = try reader.next() {
        guard entry.path.starts(with: .rootfs) else { continue }
        switch outcomes.map({ $0[entry.path] }) {
        case nil: try extractor.extract(entry, content: &reader)
        case .some(.place(let path)): try extractor.extract(entry, at: path, content: &reader)
        case .some(.link(let target)):
          entry.linkTarget = target.bytes
          try extractor.extract(entry, content: &reader)
        case .some(nil): break
        }
      }
      try store.check(try reader.finish(), against: id)
    } catch let error as ArchiveError {
      throw StoreError.damagedBlob(id, error, operation: "render")
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.system, operation: "render", subject: id.short, detail: "\(error)", cause: error)
    }
  }

  /// Writes what lies beside the root file system.
  func describe(_ tree: RenderedTree, _ graph: RenderGraph) throws(StoreError) {
    let digest = TreeDigest(image: tree.image, images: graph.nodes.keys.sorted(), contentBytes: contentBytes)
    try attempting("render", tree.image.short) { () throws(Errno) in
      try write(tree.manifestBytes, "manifest.json")
      try write(digest.serialized(tree.id), "digest.json")
      try write([], StoreLayout.treeLockName)
    }
  }

  /// Gives the tree its name, synced before and after: a tree that exists is complete, also after a power cut.
  consuming func publish(_ id: TreeID) throws(StoreError) {
    let root = store.root
    try attempting("render", "\(id)") { () throws(Errno) in
      try Kernel.syncFileSystem(directory.raw)
      try Kernel.renameNew(work.descriptor, Self.directoryName, root.descriptor, StoreLayout.tree(id))
      try root.syncDirectory(StoreLayout.trees)
    }
  }

  private func write(_ bytes: [UInt8], _ name: FilePath) throws(Errno) {
    let file = try Kernel.createFile(directory.raw, name)
    try Kernel.writeAll(file.raw, bytes)
  }
}

extension ImageStore {
  /// What planning needs of an image's entries.
  func entries(of id: ImageID) throws(StoreError) -> [PlannedEntry] {
    let blob = try openBlob(id, for: "render")
    var entries: [PlannedEntry] = []
    do {
      var reader = try ArchiveReader(ByteSource(blob.descriptor, name: id.short))
      while let entry = try reader.next() {
        entries.append(
          PlannedEntry(
            path: entry.path, isDirectory: entry.kind == .directory,
            hardLink: entry.kind == .hardLink ? try ArchivePath(entry.linkTarget) : nil))
      }
    } catch {
      throw StoreError.damagedBlob(id, error, operation: "render")
    }
    return entries
  }

  /// A blob that is read to its end must still be the image that it was imported as.
  func check(_ summary: ArchiveSummary, against id: ImageID) throws(StoreError) {
    guard summary.imageID != id else { return }
    throw StoreError.corrupt(
      "render", id.short, "its blob was changed on the disk: remove the image and import it again")
  }
}
