import CAppcLinux
import Glibc

/// Removes `name` in `directory` and everything beneath it, following no symbolic link.
///
/// Missing is fine.
///
/// Holds a descriptor for each level, so it is for trees as `ArchiveLimits.depth` allows them.
///
/// - Throws: `io` at the first thing that cannot be removed.
package func removeTree(_ name: [UInt8], in directory: CInt) throws(ArchiveError) {
  let removed = withCString(name) { unlinkat(directory, $0, 0) }
  if removed == 0 || errno == ENOENT { return }
  guard errno == EISDIR || errno == EPERM else { throw removalFault(name) }
  do {
    let opened = try openForRemoval(name, in: directory)
    for child in try children(of: opened.raw, name) { try removeTree(child, in: opened.raw) }
  }
  guard withCString(name, { unlinkat(directory, $0, AT_REMOVEDIR) }) == 0 else { throw removalFault(name) }
}

private func openForRemoval(_ name: [UInt8], in directory: CInt) throws(ArchiveError) -> OwnedDescriptor {
  let flags = UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  var raw = withCString(name) { appc_open_beneath(directory, $0, flags, 0) }
  if raw == -EACCES {
    // An image's directory may forbid its owner to look into it.
    _ = withCString(name) { fchmodat(directory, $0, 0o700, AT_SYMLINK_NOFOLLOW) }
    raw = withCString(name) { appc_open_beneath(directory, $0, flags, 0) }
  }
  guard raw >= 0 else {
    errno = -raw
    throw removalFault(name)
  }
  return OwnedDescriptor(taking: raw)
}

/// The names in a directory, read before any is removed.
private func children(of directory: CInt, _ name: [UInt8]) throws(ArchiveError) -> [[UInt8]] {
  let copy = fcntl(directory, F_DUPFD_CLOEXEC, 0)
  guard copy >= 0, let stream = fdopendir(copy) else {
    if copy >= 0 { _ = close(copy) }
    throw removalFault(name)
  }
  defer { closedir(stream) }
  var names: [[UInt8]] = []
  while let entry = readdir(stream) {
    let child = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    if !child.elementsEqual(".".utf8), !child.elementsEqual("..".utf8) { names.append(child) }
  }
  return names
}

private func removalFault(_ name: [UInt8]) -> ArchiveError {
  .system(errno, "remove", "\"\(excerpt(name))\"", "it cannot be removed")
}
