import CMeasuring
import Glibc
import Measuring
import SystemPackage

/// A place for everything that a run makes: a tmpfs in a mount namespace of its own.
///
/// However the run ends, by SIGKILL too, the kernel takes it down with what is mounted in it. What may then be
/// left is the empty directory it is mounted on.
struct Workspace {
  let directory: FilePath

  /// To be made by the thread that starts the processes, for they inherit its mounts.
  init() throws {
    let outcome = measuring_leave_mounts()
    guard outcome == 0 else {
      throw Problem("a mount namespace cannot be made: \(Errno(rawValue: -outcome))")
    }
    directory = try Self.makeDirectory(in: "/tmp")
    guard mount("tmpfs", directory.string, "tmpfs", 0, "size=75%,mode=0700") == 0 else {
      let error = Errno(rawValue: errno)
      rmdir(directory.string)
      throw Problem("a tmpfs cannot be mounted: \(error)")
    }
  }

  func remove() {
    umount2(directory.string, Int32(MNT_DETACH))
    rmdir(directory.string)
  }

  func path(_ name: String) -> FilePath { directory.appending(name) }

  /// A new directory with a name of its own.
  static func makeDirectory(in parent: FilePath) throws -> FilePath {
    var template = Array(parent.appending("appc-images-XXXXXX").string.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Problem("no directory can be made in \(parent): \(Errno(rawValue: errno))")
    }
    return FilePath(platformString: template)
  }
}
