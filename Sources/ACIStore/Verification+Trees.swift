import ACIArchive
import AppcSchema
import SystemPackage

extension Verification {
  /// Why a tree is not what it must be.
  private enum TreeFault {
    case noListing
    case damaged(String)
  }

  /// Checks a tree while a shared lock keeps it from being collected; then deals with what was found.
  mutating func check(_ id: TreeID) throws(StoreError) {
    try checkTreeFiles(id)
    guard let directory = try openTree(id) else { return }
    let digest = try contents(
      StoreLayout.treeDigestName, of: id, directory, limit: TreeDigest.maxFileBytes
    ).flatMap(TreeDigest.init)
    let fault: TreeFault?
    if let lease = try lease(directory) {
      // Collected, and perhaps rendered anew, before the lock was on it.
      guard isInPlace(id, directory) else { return }
      fault = try examine(id, directory, digest)
      lease.release()
    } else {
      guard isInPlace(id, directory) else { return }
      fault = .damaged("its lock file is missing")
    }
    if let fault { try deal(with: fault, id, directory, digest?.image) }
  }

  private mutating func checkTreeFiles(_ id: TreeID) throws(StoreError) {
    let tree = StoreLayout.tree(id)
    try checkFile(tree, .directory)
    let names = [
      StoreLayout.treeLockName, StoreLayout.treeDigestName, StoreLayout.treeListingName,
      StoreLayout.treeManifestName,
    ]
    for name in names {
      let path = tree.pushing(name)
      // What is something else, or missing, makes the tree a damaged one.
      guard let status = try? Kernel.status(store.root.descriptor, path), status.isRegular else { continue }
      try checkFile(path, .small)
    }
  }

  /// Nil when the tree was collected meanwhile.
  private func openTree(_ id: TreeID) throws(StoreError) -> OwnedDescriptor? {
    do throws(Errno) {
      return try store.root.openDirectory(StoreLayout.tree(id))
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw StoreError(system: error, operation: "verify", subject: id.short)
    }
  }

  /// The lock that keeps the tree, nil when its lock file is not there.
  private func lease(_ directory: borrowing OwnedDescriptor) throws(StoreError) -> FileLock? {
    do throws(StoreError) {
      return try FileLock(in: directory.raw, StoreLayout.treeLockName, .shared, store.isCancelled)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// A file beside the root file system; nil when it is missing, or larger than any that we write.
  ///
  /// What keeps it from being read says nothing of the tree, and is thrown.
  private func contents(
    _ name: FilePath, of id: TreeID, _ directory: borrowing OwnedDescriptor, limit: Int
  ) throws(StoreError) -> [UInt8]? {
    do throws(Errno) {
      return try Kernel.readAll(try Kernel.openToRead(directory.raw, name), limit: limit)
    } catch .noSuchFileOrDirectory, .tooManySymbolicLinkLevels, .isDirectory, .fileTooLarge {
      return nil
    } catch {
      throw StoreError(system: error, operation: "verify", subject: "\(id.short)/\(name.shown)")
    }
  }

  private func isInPlace(_ id: TreeID, _ directory: borrowing OwnedDescriptor) -> Bool {
    guard let opened = try? Kernel.status(directory.raw),
      let named = try? Kernel.status(store.root.descriptor, StoreLayout.tree(id))
    else { return false }
    return named.isSameFile(as: opened)
  }

  private mutating func examine(
    _ id: TreeID, _ directory: borrowing OwnedDescriptor, _ digest: TreeDigest?
  ) throws(StoreError) -> TreeFault? {
    guard let digest else { return .damaged("its digest.json cannot be read") }
    guard let listing = digest.listing else { return .noListing }
    // From the blob, for the copy may be wrong. Without the image there is nothing to compare with.
    if let manifest = try? store.readManifest(of: digest.image).1 {
      let found = try contents(StoreLayout.treeManifestName, of: id, directory, limit: manifest.count)
      if found != manifest { return .damaged("its manifest.json is not the image's manifest") }
    }
    let result = try compare(id, directory, listing)
    // Most changes change a time as well, which says less.
    let telling = result.differences.first { $0.kind != .time } ?? result.differences.first
    guard let telling else { return nil }
    let others = result.differenceCount - 1
    return .damaged("\(telling)" + (others > 0 ? ", and \(others) more" : ""))
  }

  private mutating func compare(
    _ id: TreeID, _ directory: borrowing OwnedDescriptor, _ listing: TreeDigest.Listing
  ) throws(StoreError) -> TreeVerification.Result {
    let run = self
    let comparison = try TreeVerification(of: directory.raw) { (bytes) throws(StoreError) in
      try run.tell(.tree(id), bytes: bytes)
    }
    let result = try comparison.run(expected: listing)
    report.trees += 1
    report.bytes += result.bytes
    report.treeFiles += result.files
    report.unreadableTreeFiles += result.unreadable
    return result
  }

  private mutating func deal(
    with fault: TreeFault, _ id: TreeID, _ directory: borrowing OwnedDescriptor, _ image: ImageID?
  ) throws(StoreError) {
    let (problem, detail): (VerificationFinding.Problem, String) =
      switch fault {
      case .noListing: (.noListing, "an earlier release rendered it")
      case .damaged(let detail): (.damagedTree, detail)
      }
    guard options.repairs else { return note(problem, .tree(id), detail) }
    do throws(StoreError) {
      switch try store.removeTree(id, directory.raw, isPinned: options.isPinned) {
      case .gone: return
      case .inUse: return note(problem, .tree(id), "\(detail); a pod uses it: verify again when it has ended")
      case .removed: break
      }
    } catch {
      return note(problem, .tree(id), "\(detail); it cannot be removed: \(error.detail)")
    }
    guard let image else {
      return note(problem, .tree(id), "\(detail); it is rendered anew when it is needed", .removed)
    }
    do throws(StoreError) {
      let isRebuilt = try store.render(image).id == id
      note(
        problem, .tree(id),
        isRebuilt ? detail : "\(detail); \(image.short) has other dependencies by now",
        isRebuilt ? .rebuilt : .removed)
    } catch {
      note(problem, .tree(id), "\(detail); it cannot be rendered anew: \(error.detail)", .removed)
    }
  }
}
