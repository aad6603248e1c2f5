import Glibc
import SystemPackage

extension ByteSource {
  /// The same bytes to be read once more; to be asked for before they are read.
  ///
  /// Nil for a pipe or socket.
  borrowing func repetition() -> Repetition? {
    switch origin {
    case .owned(let descriptor): Repetition(file: descriptor.raw, name: name)
    case .borrowed(let raw): Repetition(file: raw, name: name)
    case .memory(let bytes): Repetition(bytes: bytes, name: name)
    }
  }

  /// What it takes to read a source once more.
  struct Repetition: ~Copyable {
    private enum Origin: ~Copyable {
      /// A descriptor of our own, which shares its position with the source's.
      case file(OwnedDescriptor, start: off_t)
      case memory([UInt8])
    }

    private let origin: Origin
    private let name: String

    fileprivate init?(file raw: CInt, name: String) {
      var status = stat()
      guard (try? Kernel.glibc({ fstat(raw, &status) })) != nil, status.st_mode & S_IFMT == S_IFREG,
        let start = try? Kernel.glibc({ lseek(raw, 0, SEEK_CUR) }),
        let copy = try? Kernel.glibc({ fcntl(raw, F_DUPFD_CLOEXEC, 3) })
      else { return nil }
      origin = .file(OwnedDescriptor(taking: copy), start: start)
      self.name = name
    }

    fileprivate init(bytes: [UInt8], name: String) {
      origin = .memory(bytes)
      self.name = name
    }

    /// Begins anew; nobody may read the first source any more.
    consuming func source() throws(ArchiveError) -> ByteSource {
      let name = name
      switch consume origin {
      case .memory(let bytes): return ByteSource(bytes, name: name)
      case .file(let file, let start):
        do throws(Errno) {
          _ = try Kernel.glibc { lseek(file.raw, start, SEEK_SET) }
        } catch {
          throw .system(error.rawValue, "read image", name, "the file cannot be read once more")
        }
        return ByteSource(taking: file, name: name)
      }
    }
  }
}
