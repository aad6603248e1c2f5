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
  private func lastUse(of record: ImageRecord) -> FileTime {
    guard record.lastUsedAt > now else { return record.lastUsedAt }
    if !options.dryRun { store.setLastUse(of: record.id, now) }
    return now
  }

  /// Nil when the tree was collected meanwhile.
  private func tree(_ id: TreeID) throws(StoreError) -> CollectionPlan.Tree? {
    guard let (lastUsedAt, isHeld) = try use(of: id) else { return nil }
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
  func dependencies(of id: ImageID) -> [ImageID] {
    guard let manifest = try? manifestLeavingDamage(of: id).manifest else { return [] }
    return manifest.dependencies.compactMap { try? resolve($0, of: manifest.name.text) }
  }
}
