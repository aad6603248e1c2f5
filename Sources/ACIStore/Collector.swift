import ACIArchive
import AppcSchema
import SystemPackage

/// One run of the garbage collector.
struct Collector {
  let store: ImageStore
  let options: CollectionOptions
  let now: FileTime
  private(set) var report = CollectionReport()
  /// What trees are made of that were leased since they were looked at.
  private var spared: Set<ImageID> = []
  /// The trees that were made of each image.
  private var trees: [ImageID: [TreeID]] = [:]

  init(_ store: ImageStore, _ options: CollectionOptions, now: FileTime) {
    self.store = store
    self.options = options
    self.now = now
  }

  private var root: StoreRoot { store.root }

  mutating func run() throws(StoreError) -> CollectionReport {
    try collectLeftovers()
    try collectQuarantine()
    let store = store
    let found = try contents()
    for tree in found.trees { for image in tree.images { trees[image, default: []].append(tree.id) } }
    var unread: StoreError?
    let plan = CollectionPlan(found, now: now, options: options) { id in
      do throws(StoreError) {
        return try store.dependencies(of: id)
      } catch {
        unread = error
        return []
      }
    }
    for tree in plan.trees { collect(tree) }
    if let unread {
      // Any of the images could be one that is needed.
      note(unread)
    } else {
      for image in plan.images { collect(image) }
    }
    if let limit = options.maxBytes, plan.remainingBytes > limit {
      report.problems.append(
        "images and trees take \(plan.remainingBytes) bytes, more than \(limit): what is left is in use or kept"
      )
    }
    try collectRemotes()
    if !options.dryRun {
      _ = try store.removeTracesOfMissingImages()
      try store.removeQuarantinedRecordsOfNothing()
    }
    return report
  }

  mutating func note(_ error: StoreError) { report.note(error) }
}

// MARK: What was left

extension Collector {
  /// Directories of operations whose lock died with them.
  private mutating func collectLeftovers() throws(StoreError) {
    let root = root
    let names = try attempting("collect", root.path.shown) { () throws(Errno) in
      try root.names(in: StoreLayout.temporary)
    }
    for name in names {
      do {
        try collectLeftover(StoreLayout.temporary.appending(name))
      } catch {
        // Somebody else collects, or the operation has just ended.
        if error.code != .notFound { note(error) }
      }
    }
  }

  private mutating func collectLeftover(_ path: FilePath) throws(StoreError) {
    let root = root
    guard let lock = try FileLock.ifFree(in: root.descriptor, path, .exclusive) else { return }
    let bytes = DiskWalk.amount(of: path, in: root.descriptor).bytes
    if !options.dryRun {
      try attempting("collect", path.shown) { () throws(Errno) in
        try TreeRemoval.remove(path, in: root.descriptor)
      }
    }
    lock.release()
    report.leftovers += 1
    report.freedBytes += bytes
  }

  private mutating func collectQuarantine() throws(StoreError) {
    guard let grace = options.quarantineGrace else { return }
    let due: [QuarantinedImage]
    if options.dryRun {
      let age = CollectionPlan.Age(now)
      due = try store.quarantined().filter { age.exceeds(grace, $0.quarantinedAt) }
    } else {
      due = try store.removeQuarantined(olderThan: grace)
    }
    report.quarantined = due.count
    report.freedBytes += due.reduce(0) { $0 + $1.bytes }
  }

  /// A record means nothing without its image; one that a fetch writes at this moment is lost, and the next fetch
  /// asks the server for all of the image again.
  private mutating func collectRemotes() throws(StoreError) {
    let removed = Set(report.images)
    for file in try store.remoteFiles() {
      if let record = file.record, !removed.contains(record.imageID),
        (try? store.contains(record.imageID)) ?? true
      {
        continue
      }
      if !options.dryRun { try? root.removeFile(file.path) }
      report.remotes += 1
      report.freedBytes += file.bytes
    }
  }
}

// MARK: Trees and images

extension Collector {
  private mutating func collect(_ tree: CollectionPlan.Tree) {
    do {
      switch options.dryRun ? .removed : try remove(tree) {
      case .removed:
        report.trees.append(tree.id)
        report.freedBytes += tree.bytes
      case .inUse: spared.formUnion(tree.images)
      case .gone: break
      }
    } catch {
      note(error)
    }
  }

  /// Looks once more whether the tree may go, now that nobody can lease it.
  private func remove(_ tree: CollectionPlan.Tree) throws(StoreError) -> TreeRemovalOutcome {
    let root = root
    let directory: OwnedDescriptor
    do throws(Errno) {
      directory = try root.openDirectory(StoreLayout.tree(tree.id))
    } catch .noSuchFileOrDirectory {
      return .gone
    } catch {
      throw StoreError(system: error, operation: "collect", subject: "\(tree.id)")
    }
    let raw = directory.raw
    return try store.removeTree(tree.id, raw) { id in
      if let used = try? Kernel.status(raw, StoreLayout.treeLockName).modified, used > tree.lastUsedAt {
        return true
      }
      return options.isPinned(id)
    }
  }

  /// Whether a tree that was made of an image is held by now, though it was not when it was looked at.
  ///
  /// A lease of a tree that was rendered before notes no use of the images.
  private func isInHeldTree(_ image: ImageID) -> Bool {
    (trees[image] ?? []).contains { tree in
      do {
        return try use(of: tree)?.isHeld ?? false
      } catch {
        // It cannot be found out.
        return true
      }
    }
  }

  private mutating func collect(_ image: CollectionPlan.Image) {
    if spared.contains(image.id) || isInHeldTree(image.id) {
      report.imagesInUse.append(image.id)
      return
    }
    do throws(StoreError) {
      let isDue = options.dryRun ? true : try store.remove(image.id, unlessUsedAfter: image.lastUsedAt)
      guard isDue else {
        report.imagesInUse.append(image.id)
        return
      }
      report.images.append(image.id)
      report.freedBytes += image.bytes
    } catch {
      switch error.code {
      case .busy: report.imagesInUse.append(image.id)
      case .notFound: break
      default: note(error)
      }
    }
  }
}
