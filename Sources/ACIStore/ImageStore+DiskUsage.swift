import ACIArchive
import AppcSchema
import SystemPackage

extension ImageStore {
  /// How much of the disk the store takes, by part.
  ///
  /// Looks at every file of the store but those in trees, whose sizes were noted when they were rendered; with
  /// `walkingTrees` it looks at these too, which takes as long as there are files. Changes nothing. Throws `system`.
  public func diskUsage(walkingTrees: Bool = false) throws(StoreError) -> DiskUsage {
    var usage = DiskUsage()
    // Directories' own blocks belong to their part.
    let blobs = amount(of: "blobs")
    usage.blobs.add(blobs, counting: blobs.count)
    for directory in [
      StoreLayout.images, StoreLayout.used, StoreLayout.names, StoreLayout.remotes, StoreLayout.locks,
    ] {
      let files = amount(of: directory)
      usage.records.add(files, counting: files.count)
    }
    usage.records.add(amount(of: StoreLayout.version), counting: 1)
    let operations = try count(of: StoreLayout.temporary)
    usage.temporary.add(amount(of: StoreLayout.temporary), counting: operations)
    let quarantined = amount(of: StoreLayout.quarantine)
    usage.quarantine.add(quarantined, counting: quarantined.count)
    for tree in try treeIDs() {
      usage.trees.add(treeAmount(tree, walking: walkingTrees), counting: 1)
    }
    return usage
  }

  private func amount(of name: FilePath) -> DiskUsage.Amount {
    DiskWalk.amount(of: name, in: root.descriptor)
  }

  private func count(of directory: FilePath) throws(StoreError) -> Int {
    try attempting("measure", root.path.shown) { () throws(Errno) in try root.names(in: directory).count }
  }

  private func treeAmount(_ id: TreeID, walking: Bool) -> DiskUsage.Amount {
    if !walking, let digest = treeDigest(id) {
      return DiskUsage.Amount(bytes: digest.plausibleBytes, apparentBytes: digest.plausibleBytes)
    }
    return amount(of: StoreLayout.tree(id))
  }
}

extension TreeDigest {
  /// The bytes of the files' contents, as far as a disk may hold them: what is damaged may say anything.
  var plausibleBytes: Int64 { (0..<(1 << 53)).contains(contentBytes) ? contentBytes : 0 }
}
