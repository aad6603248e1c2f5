import ACIArchive
import AppcSchema
import Glibc
import SystemPackage

/// A manifest, a layout or an image that somebody named: opened once, so that what was looked at is what is
/// read.
struct ArtifactFile: ~Copyable {
  /// Nil for a descriptor.
  let path: FilePath?
  /// What messages call it.
  ///
  /// Safe to show.
  let name: String
  /// Whether it is a directory.
  let isDirectory: Bool
  private let file: OwnedDescriptor

  /// Opens a regular file or a directory.
  ///
  /// Anything else is refused before it is opened: a pipe or a device would be waited for, or would do something.
  init(opening path: FilePath) throws(EngineError) {
    let name = path.shown
    do throws(Errno) {
      var status = stat()
      _ = try Kernel.glibc(path) { stat($0, &status) }
      try Self.checkIsReadable(status)
      let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
      let file = OwnedDescriptor(taking: try Kernel.glibc(path) { open($0, flags) })
      let raw = file.raw
      _ = try Kernel.glibc { fstat(raw, &status) }
      try Self.checkIsReadable(status)
      self.init(path: path, name: name, isDirectory: status.st_mode & S_IFMT == S_IFDIR, file: file)
    } catch .invalidArgument {
      throw EngineError(
        .invalidRequest, "opening", name,
        detail: "it is neither a regular file nor a directory; a pipe can be read as standard input")
    } catch {
      throw EngineError(.invalidRequest, "opening", name, errno: error)
    }
  }

  /// Reads an open file or pipe from where it stands; the caller's descriptor stays open.
  init(reading descriptor: FileDescriptor, name: String) throws(EngineError) {
    let shown = printable(name.utf8)
    do throws(Errno) {
      let raw = try Kernel.glibc { fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 3) }
      self.init(path: nil, name: shown, isDirectory: false, file: OwnedDescriptor(taking: raw))
    } catch {
      throw EngineError(.invalidRequest, "opening", shown, errno: error)
    }
  }

  private init(path: FilePath?, name: String, isDirectory: Bool, file: consuming OwnedDescriptor) {
    self.path = path
    self.name = name
    self.isDirectory = isDirectory
    self.file = file
  }

  /// What it is by the look of it; a descriptor, of which nothing can be read twice, is a manifest.
  func typeByLooking() throws(EngineError) -> ArtifactType {
    if isDirectory { return .layout }
    guard let path else { return .manifest }
    // Whoever called a file so meant an image (B1), and wants to hear what keeps it from being one.
    if path.extension == "aci" { return .image }
    return Archive.isImage(beginningWith: try beginning()) ? .image : .manifest
  }

  /// The file as an image's bytes, which messages call `name`.
  consuming func imageSource(named name: String) -> ByteSource { ByteSource(taking: file, name: name) }

  /// The bytes of a manifest: the file's own, or those of the file `manifest` in a directory.
  ///
  /// No more than one piece beyond `limit` is ever in memory.
  ///
  /// - Returns: nil when there are more than `limit`.
  func manifestBytes(limit: Int) throws(EngineError) -> [UInt8]? {
    try identifiedManifest(limit: limit)?.bytes
  }

  /// The same, and which file they are from.
  func identifiedManifest(limit: Int) throws(EngineError) -> (bytes: [UInt8], file: FileIdentity)? {
    do throws(Errno) {
      return isDirectory ? try Self.read(try openManifest(), limit) : try Self.read(file, limit)
    } catch .fileTooLarge {
      return nil
    } catch .invalidArgument where isDirectory {
      throw EngineError(
        .invalidRequest, "reading", "\(name)/manifest", detail: "it is not a regular file; links do not count"
      )
    } catch {
      throw EngineError(.invalidRequest, "reading", isDirectory ? "\(name)/manifest" : name, errno: error)
    }
  }

  private static func read(
    _ file: borrowing OwnedDescriptor, _ limit: Int
  ) throws(Errno) -> (bytes: [UInt8], file: FileIdentity) {
    let raw = file.raw
    var status = stat()
    _ = try Kernel.glibc { fstat(raw, &status) }
    return (try Kernel.readAll(file, limit: limit), FileIdentity(status))
  }

  /// The manifest of a layout: never a link, a pipe or a device.
  private func openManifest() throws(Errno) -> OwnedDescriptor {
    let raw = file.raw
    var status = stat()
    _ = try Kernel.glibc("manifest") { fstatat(raw, $0, &status, AT_SYMLINK_NOFOLLOW) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
    let manifest = try Kernel.open(raw, "manifest", O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let opened = manifest.raw
    _ = try Kernel.glibc { fstat(opened, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .invalidArgument }
    return manifest
  }

  /// The first 512 bytes, or all there are.
  private func beginning() throws(EngineError) -> [UInt8] {
    let raw = file.raw
    var bytes = [UInt8](repeating: 0, count: 512)
    do throws(Errno) {
      let count = try Kernel.glibc {
        bytes.withUnsafeMutableBytes { pread(raw, $0.baseAddress, $0.count, 0) }
      }
      return Array(bytes.prefix(count))
    } catch {
      throw EngineError(.invalidRequest, "reading", name, errno: error)
    }
  }

  private static func checkIsReadable(_ status: stat) throws(Errno) {
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { throw .invalidArgument }
  }
}
