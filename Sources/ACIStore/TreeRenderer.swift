import ACIArchive
import AppcSchema
import SystemPackage

/// Writes a tree of the store into an operation's directory and publishes it.
struct TreeRenderer: ~Copyable {
  private static let directoryName: FilePath = "tree"

  private let root: StoreRoot
  private let work: OperationDirectory
  private let directory: OwnedDescriptor
  private let listing: TreeListingWriter

  init(_ root: StoreRoot, work: consuming OperationDirectory) throws(StoreError) {
    let parent = work.descriptor
    let directory = try attempting("render", work.name.shown) { () throws(Errno) in
      try Kernel.makeDirectory(parent, Self.directoryName)
      return try Kernel.openDirectory(parent, Self.directoryName)
    }
    listing = try TreeListingWriter(for: "render", work.name.shown, in: directory.raw)
    self.root = root
    self.work = work
    self.directory = directory
  }

  /// Makes what the files of the tree are to be made with.
  ///
  /// A store has one owner (`StoreRoot.open`), so its trees are all rendered in the same way.
  func extractor() throws(ArchiveError) -> Extractor {
    try Extractor(
      into: directory.descriptor, options: .init(ownership: .ofStores), observer: listing.observer)
  }

  /// Writes what lies beside the root file system.
  func describe(
    _ tree: RenderedTree, images: [ImageID], _ report: ExtractionReport
  ) throws(StoreError) {
    let digest = TreeDigest(
      image: tree.image, images: images, contentBytes: report.writtenBytes,
      listing: try listing.finish(for: "render", tree.image.short))
    try attempting("render", tree.image.short) { () throws(Errno) in
      try write(tree.manifestBytes, StoreLayout.treeManifestName)
      try write(digest.serialized(tree.id), StoreLayout.treeDigestName)
      try write([], StoreLayout.treeLockName)
    }
  }

  /// Gives the tree its name, synced before and after: a tree that exists is complete, also after a power cut.
  consuming func publish(_ id: TreeID) throws(StoreError) {
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

extension ExtractionOptions.Ownership {
  /// Root keeps the owners that an image says; for anybody else all is the caller's.
  static var ofStores: Self { Kernel.effectiveUser() == 0 ? .archive : .caller }
}
