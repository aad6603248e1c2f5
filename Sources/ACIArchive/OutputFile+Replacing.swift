import CAppcLinux
import Glibc
package import SystemPackage

extension OutputFile {
  /// Makes an empty file that is to take the place of the regular file at `path`, with its owner, permissions and
  /// access list.
  ///
  /// A link is followed: what it leads to is replaced, and the link stays. The new file has its owner and mode
  /// before it holds a byte, for the old one may be secret. The path is resolved once: whoever swaps a directory on
  /// the way meanwhile changes nothing. The bits that give rights to who executes a file are
  /// not kept, nor are other names of the file. To be published with `overwrite`.
  ///
  /// Throws `notPermitted` when the caller may not give a file to that owner, `invalidArgument` for what is no
  /// regular file, `staleNFSFileHandle` when it is not the file that was `read`: whoever may rename in its directory
  /// could have put a link to any file there meanwhile, `resourceBusy` when another process is at the same work.
  package static func replacing(_ path: FilePath, read: FileIdentity? = nil) throws(Errno) -> OutputFile {
    let place = try ResolvedName(following: path)
    let name = place.name
    let directory = place.directory.raw
    // Before it is opened, which a device may answer with more than its content.
    guard try Kernel.mode(directory, name) & S_IFMT == S_IFREG else { throw .invalidArgument }
    let old = try Kernel.open(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let oldRaw = old.raw
    var status = stat()
    _ = try Kernel.glibc { fstat(oldRaw, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
    if let read, read != FileIdentity(status) { throw .staleNFSFileHandle }
    let file = try OutputFile(in: place.directory, name, mode: 0o600)
    let raw = file.descriptor.rawValue
    _ = try Kernel.glibc { fchown(raw, status.st_uid, status.st_gid) }
    _ = try Kernel.glibc { fchmod(raw, status.st_mode & 0o777) }
    try copyAccessList(from: oldRaw, to: raw)
    return file
  }

  /// Gives a file the access list of another, or none.
  ///
  /// Under a list the mode's group bits are its mask: without the list they would be rights of the group. And the new file may have got a list that the old one lacks, its directory's default.
  private static func copyAccessList(from old: CInt, to new: CInt) throws(Errno) {
    let name = "system.posix_acl_access"
    var list = [UInt8](repeating: 0, count: 1 << 16)  // as long as Linux lets an attribute be
    do throws(Errno) {
      let count = try Kernel.ours {
        list.withUnsafeMutableBytes { appc_fgetxattr(old, name, $0.baseAddress, $0.count) }
      }
      _ = try Kernel.ours { appc_fsetxattr(new, name, list, Int(clamping: count)) }
    } catch .noData {
      do throws(Errno) {
        _ = try Kernel.ours { appc_fremovexattr(new, name) }
      } catch .noData {}
    } catch .notSupported {}
  }
}
