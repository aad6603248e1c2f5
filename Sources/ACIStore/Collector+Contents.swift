import ACIArchive
import AppcSchema
import SystemPackage

extension Collector {
  /// What the store has, as the plan wants to know it.
  mutating func contents() throws(StoreError) -> CollectionPlan.Contents {
    var contents = CollectionPlan.Contents()
    for id in try store.treeIDs() {
      do {
        if let tree = try tree(id) { contents.trees.append(tree) }
      } catch {
        note(error)
      }
    }
    for record in try store.images() {
      guard let blob = try store.blobStatus(record.id) else { continue }
      contents.images.append(
        CollectionPlan.Image(
          id: record.id, lastUsedAt: lastUse(of: record), bytes: blob.diskBytes))
    }
    return contents
  }

  /// A use in the future, from when the clock was wrong, is one of now; it is also written so, for it to age.
  ///
  /// The clock is looked at here: to come this far may have taken minutes, and a use meanwhile is a real one.
  private func lastUse(of record: ImageRecord) -> FileTime {
    guard record.lastUsedAt > .now else { return record.lastUsedAt }
    if !options.dryRun { store.setLastUse(of: record.id, now) }
    return now
  }

  /// Nil when the tree was collected meanwhile.
  private func tree(_ id: TreeID) throws(StoreError) -> CollectionPlan.Tree? {
    guard let (lastUsedAt, isHeld) = try use(of: id) else { return nil }
    // As with images: a time in the future is one of now, and has to be written for the tree ever to be old.
    if lastUsedAt > .now, !options.dryRun {
      try? Kernel.setModified(store.root.descriptor, StoreLayout.treeLock(id), now)
    }
    let digest = store.treeDigest(id)
    return CollectionPlan.Tree(
      id: id, lastUsedAt: min(lastUsedAt, now), bytes: digest?.plausibleBytes ?? 0,
      images: digest?.images ?? [],
      isHeld: isHeld)
  }

  /// When the tree was last leased, and whether it is leased or pinned now; nil when there is no such tree.
  func use(of id: TreeID) throws(StoreError) -> (lastUsedAt: FileTime, isHeld: Bool)? {
    let root = store.root
    let lockFile = StoreLayout.treeLock(id)
    do throws(StoreError) {
      let lock = try FileLock.ifFree(in: root.descriptor, lockFile, .exclusive)
      let status = try attempting("collect", "\(id)") { () throws(Errno) in
        try Kernel.status(root.descriptor, lockFile)
      }
      return (status.modified, lock == nil || options.isPinned(id))
    } catch {
      // Whichever call finds the file gone: another collector may be at work.
      guard error.errno == .noSuchFileOrDirectory else { throw error }
      guard Kernel.exists(root.descriptor, StoreLayout.tree(id)) else { return nil }
      // Somebody removed the lock file, which we never do while the tree is there: nobody can hold the tree.
      return (.epoch, options.isPinned(id))
    }
  }
}

extension ImageStore {
  /// What an image needs, as far as the store has it; a dry run, too, asks for it.
  ///
  /// Throws what says nothing about the image, `system` and the like: that it needs nothing must not follow from it.
  func dependencies(of id: ImageID) throws(StoreError) -> [ImageID] {
    guard let manifest = try ifThere({ () throws(StoreError) in try manifestLeavingDamage(of: id).manifest })
    else { return [] }
    var found: [ImageID] = []
    for dependency in manifest.dependencies {
      let needed = try ifThere { () throws(StoreError) in try resolve(dependency, of: manifest.name.text) }
      if let needed { found.append(needed) }
    }
    return found
  }

  private func ifThere<Value>(_ look: () throws(StoreError) -> Value) throws(StoreError) -> Value? {
    do {
      return try look()
    } catch {
      if [.system, .diskFull, .stopped].contains(error.code) { throw error }
      return nil
    }
  }
}
