import ACIArchive
import AppcSchema
import SystemPackage

extension Verification {
  /// What a file of the store is and may be.
  enum FileRule {
    case directory
    /// Readable by the owner alone: its name is a promise of its content.
    case blob
    /// Closed to all but the owner.
    case small

    fileprivate var kind: EntryKind { self == .directory ? .directory : .regular }

    /// The mode that a file made anew has.
    fileprivate var mode: UInt32 {
      switch self {
      case .directory: 0o700
      case .blob: 0o400
      case .small: 0o600
      }
    }

    /// Bits of the mode that must be as in `mode`.
    ///
    /// A directory may have inherited the setgid bit from the one that the store was made in.
    fileprivate var mask: UInt32 {
      switch self {
      case .directory: 0o5777
      case .blob: 0o7777
      case .small: 0o7077
      }
    }
  }

  /// Checks the directories that every store has, and that nothing in them is open to others.
  mutating func checkDirectories() throws(StoreError) {
    let shards = StoreLayout.shards.map(StoreLayout.shardDirectory)
    for directory in StoreLayout.directories + shards {
      try look(at: .path(directory)) { (it) throws(StoreError) in
        guard Kernel.exists(it.store.root.descriptor, directory) else { return it.makeMissing(directory) }
        try it.checkFile(directory, .directory)
      }
    }
    try checkFile(StoreLayout.version, .small)
    for directory in [StoreLayout.used, StoreLayout.locks] { try checkFiles(in: directory) }
    try checkRemotes()
  }

  /// Remote records: each must be one, under the name of its URL.
  private mutating func checkRemotes() throws(StoreError) {
    for name in try names(in: StoreLayout.remotes) {
      let path = StoreLayout.remotes.appending(name)
      try look(at: .path(path)) { (it) throws(StoreError) in
        try it.checkFile(path, .small)
        let file = try it.store.remoteRecord(in: path)
        guard let file, file.isRegular, file.record == nil else { return }
        it.note(
          .damagedRemote, .path(path), "it is no record of the URL that its name stands for", .removed,
          by: it.removal(of: path))
      }
    }
  }

  /// Checks what kind of file something is, whose, and for whom; nothing there is as good.
  mutating func checkFile(_ path: FilePath, _ rule: FileRule) throws(StoreError) {
    let root = store.root.descriptor
    let status: Kernel.Status
    do throws(Errno) {
      status = try Kernel.status(root, path)
    } catch .noSuchFileOrDirectory {
      return
    } catch {
      throw StoreError(system: error, operation: "verify", subject: path.shown)
    }
    // Changing through a link, or what may be anything, would be worse than leaving it.
    guard status.kind == rule.kind else {
      return note(.wrongKind, .path(path), "it is not a \(rule == .directory ? "directory" : "regular file")")
    }
    let user = Kernel.effectiveUser()
    if status.owner != user {
      note(.wrongOwner, .path(path), "it belongs to user \(status.owner), not to \(user)", .repaired) {
        () throws(StoreError) in
        try attempting("repair", path.shown) { () throws(Errno) in try Kernel.setOwner(root, path, user) }
      }
    }
    if status.mode & rule.mask != rule.mode & rule.mask {
      let found = String(status.mode & 0o7777, radix: 8)
      let wanted = String(rule.mode, radix: 8)
      note(.wrongMode, .path(path), "it is 0\(found), not 0\(wanted)", .repaired) { () throws(StoreError) in
        try attempting("repair", path.shown) { () throws(Errno) in
          try Kernel.setMode(root, path, rule.mode)
        }
      }
    }
  }

  /// Checks the small files of a directory.
  mutating func checkFiles(in directory: FilePath) throws(StoreError) {
    for name in try names(in: directory) {
      let path = directory.appending(name)
      try look(at: .path(path)) { (it) throws(StoreError) in try it.checkFile(path, .small) }
    }
  }

  func names(in directory: FilePath) throws(StoreError) -> [String] {
    try attempting("verify", directory.shown) { () throws(Errno) in try store.root.names(in: directory) }
  }

  private mutating func makeMissing(_ directory: FilePath) {
    let root = store.root
    note(.missingDirectory, .path(directory), "every store has it", .rebuilt) { () throws(StoreError) in
      try attempting("repair", directory.shown) { () throws(Errno) in try root.makeDirectory(directory) }
    }
  }
}
