import ACIArchive
import SystemPackage

extension StoreRoot {
  /// Opens the root, makes it when it is missing, and refuses one that others could tamper with.
  static func open(at path: FilePath) throws(StoreError) -> StoreRoot {
    guard !path.isEmpty else {
      throw StoreError(
        .invalidArgument, operation: "open store", subject: "\"\"",
        detail: "the path is empty: name a directory")
    }
    do {
      let directory = try openOrMake(path)
      let root = StoreRoot(path: path, directory: directory)
      try root.check(try Kernel.status(root.descriptor))
      return root
    } catch let error as StoreError {
      throw error
    } catch let error as Errno {
      throw refusal(error, path)
    } catch {
      throw StoreError(
        .system, operation: "open store", subject: path.shown, detail: "\(error)", cause: error)
    }
  }

  private static func openOrMake(_ path: FilePath) throws(Errno) -> OwnedDescriptor {
    let here = Kernel.workingDirectory
    do {
      return try Kernel.openDirectory(here, path)
    } catch .noSuchFileOrDirectory {
      try makeWithParents(path)
      return try Kernel.openDirectory(here, path)
    }
  }

  /// Parents get the usual mode, the store itself is closed from its first moment.
  private static func makeWithParents(_ path: FilePath) throws(Errno) {
    let here = Kernel.workingDirectory
    var missing: [FilePath] = []
    var parent = path.removingLastComponent()
    while !parent.isEmpty, parent.lastComponent != nil, !Kernel.exists(here, parent) {
      missing.append(parent)
      parent = parent.removingLastComponent()
    }
    for directory in missing.reversed() { try make(directory, mode: 0o755) }
    try make(path, mode: 0o700)
  }

  private static func make(_ path: FilePath, mode: UInt32) throws(Errno) {
    do {
      try Kernel.makeDirectory(Kernel.workingDirectory, path, mode: mode)
    } catch .fileExists {}
  }

  private func check(_ status: Kernel.Status) throws(StoreError) {
    let user = Kernel.effectiveUser()
    if status.owner != user {
      throw StoreError(
        .unsafeRoot, operation: "open store", subject: path.shown,
        detail:
          "it belongs to user \(status.owner), not to \(user): use another directory, or run as its owner")
    }
    if status.mode & 0o077 != 0 {
      let mode = String(status.mode & 0o7777, radix: 8)
      throw StoreError(
        .unsafeRoot, operation: "open store", subject: path.shown,
        detail: "its mode 0\(mode) lets other users in: check what is inside, then chmod 0700 it")
    }
  }

  private static func refusal(_ error: Errno, _ path: FilePath) -> StoreError {
    let operation = "open store"
    let subject = path.shown
    switch error {
    case .tooManySymbolicLinkLevels, .notDirectory:
      return StoreError(
        .unsafeRoot, operation: operation, subject: subject,
        detail: "it is a symbolic link or no directory: name the directory itself", errno: error)
    case .permissionDenied:
      return StoreError(
        .system, operation: operation, subject: subject,
        detail: "permission denied: run as its owner, or choose another directory with --dir", errno: error)
    default:
      return StoreError(system: error, operation: operation, subject: subject)
    }
  }
}
