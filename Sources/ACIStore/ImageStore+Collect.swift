import ACIArchive
import AppcSchema
import SystemPackage

extension ImageStore {
  /// Removes what is due: images by age, trees that nobody holds, and what killed operations left.
  ///
  /// Safe beside any other operation: nothing is removed that somebody has locked. Idempotent. One thing that
  /// cannot be removed does not keep the rest; it is in the report's `problems`.
  public func collectGarbage(
    _ options: CollectionOptions = CollectionOptions()
  ) throws(StoreError) -> CollectionReport {
    var report = CollectionReport()
    try collectLeftovers(&report)
    try collectTrees(options, &report)
    try collectImages(options, &report)
    try collectTraces()
    return report
  }

  /// Directories of operations whose lock died with them.
  private func collectLeftovers(_ report: inout CollectionReport) throws(StoreError) {
    let names = try attempting("collect", root.path.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.temporary)
    }
    for name in names {
      let path = StoreLayout.temporary.appending(name)
      do {
        guard let lock = try FileLock.ifFree(in: root.descriptor, path, .exclusive) else { continue }
        try attempting("collect", path.shown) { () throws(Errno) in
          try TreeRemoval.remove(path, in: root.descriptor)
        }
        lock.release()
        report.leftovers += 1
      } catch {
        report.note(error)
      }
    }
  }

  private func collectTrees(_ options: CollectionOptions, _ report: inout CollectionReport) throws(StoreError)
  {
    guard let grace = options.treeGrace else { return }
    let limit = Kernel.now().seconds.subtractingReportingOverflow(grace.components.seconds).partialValue
    for id in try treeIDs() {
      do {
        try collectTree(id, usedBefore: limit, options, &report)
      } catch {
        report.note(error)
      }
    }
  }

  private func collectTree(
    _ id: TreeID, usedBefore limit: Int64, _ options: CollectionOptions, _ report: inout CollectionReport
  ) throws(StoreError) {
    let work = try OperationDirectory(for: "collect", in: root)
    let bytes = treeDigest(id)?.contentBytes ?? 0
    do {
      guard let lock = try FileLock.ifFree(in: root.descriptor, StoreLayout.treeLock(id), .exclusive) else {
        return
      }
      let used = try attempting("collect", "\(id)") { () throws(Errno) in
        try Kernel.status(lock.descriptor.rawValue).modified.seconds
      }
      guard used <= limit, !options.isPinned(id) else { return }
      try moveAway(id, work)
    } catch {
      // Somebody removed the lock file, which we never do while the tree is there: nobody can hold the tree.
      guard error.code == .notFound, Kernel.exists(root.descriptor, StoreLayout.tree(id)),
        !options.isPinned(id)
      else { throw error }
      try moveAway(id, work)
    }
    report.trees.append(id)
    report.freedBytes += bytes
  }

  /// The tree is gone in one step; its files go with the operation's directory, or with the next collection.
  private func moveAway(_ id: TreeID, _ work: borrowing OperationDirectory) throws(StoreError) {
    let target = work.descriptor
    try attempting("collect", "\(id)") { () throws(Errno) in
      try Kernel.renameNew(root.descriptor, StoreLayout.tree(id), target, "tree")
    }
  }

  private func collectImages(_ options: CollectionOptions, _ report: inout CollectionReport)
    throws(StoreError)
  {
    let plan = CollectionPlan(try images(), now: .now, options: options) { id in
      guard let manifest = try? manifest(of: id).manifest else { return [] }
      return manifest.dependencies.compactMap { try? resolve($0, of: manifest.name.text) }
    }
    for id in plan.images {
      do {
        let bytes = try blobStatus(id)?.bytes ?? 0
        try remove(id)
        report.images.append(id)
        report.freedBytes += bytes
      } catch {
        if error.code != .notFound { report.note(error) }
      }
    }
  }

  /// Records, last-use files and index entries of images that are not there.
  private func collectTraces() throws(StoreError) {
    let present = Set(try imageIDs())
    try attempting("collect", root.path.shown) { () throws(Errno) in
      for name in try root.names(in: StoreLayout.images) + root.names(in: StoreLayout.used) {
        guard let id = StoreLayout.imageID(inFileName: name), !present.contains(id) else { continue }
        try collectTraces(of: id) { removeFiles(besides: id) }
      }
      for directory in try root.names(in: StoreLayout.names) where directory.utf8.first != UInt8(ascii: ".") {
        let path = StoreLayout.names.appending(directory)
        for name in try root.names(in: path) {
          guard let id = try? ImageID(name), !present.contains(id) else { continue }
          try collectTraces(of: id) { try? root.removeFile(path.appending(name)) }
        }
        try? Kernel.unlink(root.descriptor, path, isDirectory: true)
      }
    }
  }

  /// An import writes these before its blob, under this lock.
  private func collectTraces(of id: ImageID, _ remove: () -> Void) throws(Errno) {
    guard let shard = try? lockShard(of: id) else { return }
    if !Kernel.exists(root.descriptor, StoreLayout.blob(id)) { remove() }
    shard.release()
  }
}

extension CollectionReport {
  fileprivate mutating func note(_ error: StoreError) {
    problems.append("\(error)")
  }
}
