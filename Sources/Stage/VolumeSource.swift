import AppcSchema
import CAppcLinux
import Glibc
import SystemPackage

/// A volume's source on the host, looked at once (K3, K4).
struct VolumeSource: Hashable, Sendable {
  let path: FilePath
  let isDirectory: Bool
}

extension VolumeSource {
  /// Looks at a host volume's source: it must be there, a directory or a file, and no link may lead to it.
  init(checking volume: Volume) throws(StageError) {
    guard let source = volume.source else {
      throw StageError(
        .volume, "using volume", volume.name.description, detail: "a volume of kind host needs a source")
    }
    let path = FilePath(source)
    guard path.isAbsolute else {
      throw StageError(
        .volume, "using volume", volume.name.description,
        detail: "its source \(printable(source.utf8)) is not absolute")
    }
    do throws(Errno) {
      let opened = try FileDescriptor.workingDirectory.openWithoutLinks(path, flags: appc_o_path())
      var status = stat()
      guard fstat(opened.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      self.path = path
      isDirectory = status.st_mode & S_IFMT == S_IFDIR
    } catch {
      throw StageError(
        .volume, "using volume \(volume.name): its source", printable(source.utf8),
        detail: error == .tooManySymbolicLinkLevels ? "a symbolic link leads to it; give the real path" : "",
        errno: error == .tooManySymbolicLinkLevels ? nil : error)
    }
  }
}
