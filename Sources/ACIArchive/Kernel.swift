import CAppcLinux
import Glibc
package import SystemPackage

/// System calls on files, each in one place: typed errors, EINTR retried, descriptors close-on-exec.
///
/// Names are bytes that the kernel takes as they are. Here are the calls that several targets make; ACIStore and
/// ACIBuild extend this with those of their own.
package enum Kernel {
  /// Makes a call of Glibc, which answers -1 and sets `errno`.
  package static func glibc<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    let result = retryingInterrupts(call)
    guard result >= 0 else { throw Errno(rawValue: errno) }
    return result
  }

  /// Makes a call of Glibc about `name`.
  package static func glibc(
    _ name: FilePath, _ call: (UnsafePointer<CInterop.PlatformChar>) -> CInt
  ) throws(Errno) -> CInt {
    try glibc { name.withPlatformString(call) }
  }

  /// Makes a call of Glibc that moves up to `count` bytes: it gets the number to ask for, which tests cut.
  package static func glibc(moving count: Int, _ call: (Int) -> Int) throws(Errno) -> Int {
    let moved = retryingInterrupts(moving: count, call)
    guard moved >= 0 else { throw Errno(rawValue: errno) }
    return moved
  }

  /// Makes a call of Glibc that answers no pointer when it sets `errno`.
  static func glibc<Pointer>(pointer call: () -> Pointer?) throws(Errno) -> Pointer {
    var answer: Pointer?
    _ = try glibc { () -> CInt in
      answer = call()
      return answer == nil ? -1 : 0
    }
    guard let answer else { throw .ioError }
    return answer
  }

  /// Makes a call of CAppcLinux, which answers -errno.
  package static func ours<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    let result = retrying(call)
    guard result >= 0 else { throw Errno(rawValue: CInt(truncatingIfNeeded: -Int64(result))) }
    return result
  }
}

// MARK: Opening

extension Kernel {
  /// Stands for the working directory wherever a directory is asked for.
  package static var workingDirectory: CInt { AT_FDCWD }

  /// Opens `name` itself: the last component is not followed.
  package static func open(
    _ directory: CInt, _ name: FilePath, _ flags: CInt, mode: UInt32 = 0
  ) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      taking: try glibc(name) { Glibc.openat(directory, $0, flags | O_CLOEXEC | O_NOFOLLOW, mode) })
  }

  /// Opens a directory that the user named, through links if there are any; without `reading`, as a place only.
  package static func openDirectory(
    following path: FilePath, from directory: CInt = Kernel.workingDirectory, reading: Bool = true
  ) throws(Errno) -> OwnedDescriptor {
    let flags = (reading ? O_RDONLY : CInt(truncatingIfNeeded: appc_o_path())) | O_DIRECTORY | O_CLOEXEC
    return OwnedDescriptor(taking: try glibc(path) { Glibc.openat(directory, $0, flags) })
  }

  /// Opens the directory that holds, or is to hold, what the user named.
  package static func openParent(
    of path: FilePath, from directory: CInt = Kernel.workingDirectory, reading: Bool = true
  ) throws(Errno) -> OwnedDescriptor {
    let parent = path.removingLastComponent()
    return try openDirectory(following: parent.isEmpty ? "." : parent, from: directory, reading: reading)
  }

  /// Opens a directory on a way that no link and no mount point leads astray.
  package static func openDirectory(beneath directory: CInt, _ name: FilePath) throws(Errno)
    -> OwnedDescriptor
  {
    let flags = UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    return OwnedDescriptor(
      taking: try ours { name.withPlatformString { appc_open_beneath(directory, $0, flags, 0) } })
  }

  /// Makes a file that did not exist before, for reading and writing.
  package static func createFile(
    _ directory: CInt, _ name: FilePath, mode: UInt32 = 0o600
  ) throws(Errno) -> OwnedDescriptor {
    try open(directory, name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
  }

  /// Makes a file of `directory` that has no name yet, for reading and writing; nil when the file system has no
  /// such files.
  package static func createUnnamed(_ directory: CInt, mode: UInt32 = 0o600) throws(Errno)
    -> OwnedDescriptor?
  {
    do throws(Errno) {
      return OwnedDescriptor(taking: try ours { appc_store_open_unnamed(directory, mode) })
    } catch .notSupported, .isDirectory, .invalidArgument {
      return nil
    }
  }
}

// MARK: Naming

extension Kernel {
  /// Whether anything is at `name`, a link that leads nowhere included.
  package static func exists(_ directory: CInt, _ name: FilePath) -> Bool {
    var value = stat()
    return (try? glibc(name) { fstatat(directory, $0, &value, AT_SYMLINK_NOFOLLOW) }) != nil
  }

  /// Gives a file of `createUnnamed` a name; `fileExists` when that is taken.
  package static func linkUnnamed(_ file: CInt, _ directory: CInt, _ name: FilePath) throws(Errno) {
    _ = try ours { name.withPlatformString { appc_store_link_unnamed(file, directory, $0) } }
  }

  /// Renames; `fileExists` when the new name is taken.
  package static func renameNew(
    _ from: CInt, _ name: FilePath, _ to: CInt, _ newName: FilePath
  ) throws(Errno) {
    _ = try ours {
      name.withPlatformString { old in newName.withPlatformString { appc_rename_new(from, old, to, $0) } }
    }
  }

  /// Renames, in place of what has the new name.
  package static func renameOver(
    _ from: CInt, _ name: FilePath, _ to: CInt, _ newName: FilePath
  ) throws(Errno) {
    _ = try glibc(name) { old in newName.withPlatformString { renameat(from, old, to, $0) } }
  }

  /// Gives each of two names of a directory what the other had, in one step.
  package static func exchange(_ directory: CInt, _ name: FilePath, _ other: FilePath) throws(Errno) {
    _ = try ours {
      name.withPlatformString { one in other.withPlatformString { appc_rename_exchange(directory, one, $0) } }
    }
  }

  /// The type and permissions of `name` itself: a link is not followed.
  static func mode(_ directory: CInt, _ name: FilePath) throws(Errno) -> UInt32 {
    var value = stat()
    _ = try glibc(name) { fstatat(directory, $0, &value, AT_SYMLINK_NOFOLLOW) }
    return value.st_mode
  }

  /// Changes the permissions of `name` itself, which is no link.
  static func setPermissions(
    _ directory: CInt, _ name: FilePath, to mode: UInt32
  ) throws(Errno) {
    _ = try glibc(name) { fchmodat(directory, $0, mode, AT_SYMLINK_NOFOLLOW) }
  }

  /// Makes a directory, `mode` less the umask.
  package static func makeDirectory(
    _ directory: CInt, _ name: FilePath, mode: UInt32 = 0o700
  ) throws(Errno) {
    _ = try glibc(name) { mkdirat(directory, $0, mode) }
  }

  /// Removes a file, or an empty directory when `isDirectory` is on.
  package static func unlink(
    _ directory: CInt, _ name: FilePath, isDirectory: Bool = false
  ) throws(Errno) {
    _ = try glibc(name) { unlinkat(directory, $0, isDirectory ? AT_REMOVEDIR : 0) }
  }
}

// MARK: Bytes

extension Kernel {
  /// Reads from where the file stands to its end, up to `limit` bytes; more than that is `fileTooLarge`.
  package static func readAll(_ file: borrowing OwnedDescriptor, limit: Int) throws(Errno)
    -> [UInt8]
  {
    let raw = file.raw
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = try glibc(moving: chunk.count) { count in
        chunk.withUnsafeMutableBytes { read(raw, $0.baseAddress, count) }
      }
      if count == 0 { return bytes }
      bytes += chunk.prefix(count)
      if bytes.count > limit { throw .fileTooLarge }
    }
  }

  /// What is written in one call at most, in bytes.
  ///
  /// For larger writes the kernel looks for larger pieces of memory, which on some machines takes six times as long as
  /// the copying: Benchmarks/README.md.
  package static var writeSize: Int { 64 << 10 }

  /// Writes all bytes at an offset; a file that takes none of them is `ioError`.
  package static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: CInt, at offset: Int64
  ) throws(Errno) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = try glibc(moving: min(rest.count, writeSize)) {
        pwrite(file, rest.baseAddress, $0, off_t(offset) + off_t(done))
      }
      guard count > 0 else { throw .ioError }
      done += count
    }
  }

  /// Makes the content of a file, or the names in a directory, survive a power cut.
  package static func sync(_ file: CInt) throws(Errno) {
    _ = try glibc { fsync(file) }
  }
}
