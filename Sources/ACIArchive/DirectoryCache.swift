import CAppcLinux
import Glibc

/// Opens directories beneath a root and keeps the last one open: entries mostly come directory by directory.
struct DirectoryCache: ~Copyable {
  private let root: CInt
  private var path: [UInt8] = []
  private var opened: OwnedDescriptor?

  init(root: CInt) {
    self.root = root
  }

  /// Whether the directory at `path` is the one that is open.
  func isOpen(_ path: ArraySlice<UInt8>) -> Bool {
    opened != nil && path.elementsEqual(self.path)
  }

  /// A descriptor (O_PATH) of the directory at `path` beneath the root, or of the root for an empty path;
  /// valid until the next call.
  ///
  /// The kernel refuses to leave the root by "..", symbolic links or mounts.
  mutating func directory(_ path: ArraySlice<UInt8>) throws(ArchiveError) -> CInt {
    guard !path.isEmpty else { return root }
    if let raw = opened?.raw, path.elementsEqual(self.path) { return raw }
    let raw = retrying {
      withCString(path) { appc_open_beneath(root, $0, appc_flags_directory_path(), 0) }
    }
    guard raw >= 0 else {
      throw .system(
        -raw, "extract", "entry \(excerpt(path))", "the directory cannot be opened")
    }
    opened = OwnedDescriptor(taking: raw)
    self.path = Array(path)
    return raw
  }
}

extension ArchivePath {
  /// The bytes of the path above, empty for a top-level name.
  var parentBytes: ArraySlice<UInt8> {
    bytes[..<(bytes.lastIndex(of: slash) ?? 0)]
  }
}
