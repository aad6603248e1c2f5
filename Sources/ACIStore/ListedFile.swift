import ACIArchive

/// What the listing of a tree says of one file.
struct ListedFile: Equatable {
  /// What a file is, with what only such a file has.
  enum Kind: Equatable {
    /// A regular file: its length in bytes and the SHA-256 of its content.
    case regular(size: Int64, digest: [UInt8])
    case directory
    /// A symbolic link, with its text.
    case symbolicLink([UInt8])
    /// Another name of the file at this path, with which it shares everything.
    case hardLink([UInt8])
    case fifo
    case characterDevice
    case blockDevice

    var entryKind: EntryKind {
      switch self {
      case .regular: .regular
      case .directory: .directory
      case .symbolicLink: .symbolicLink
      case .hardLink: .hardLink
      case .fifo: .fifo
      case .characterDevice: .characterDevice
      case .blockDevice: .blockDevice
      }
    }
  }

  /// Owner, permissions and time; a hard link has those of the file that it is.
  struct Metadata: Equatable {
    var mode: UInt32
    var uid: UInt32
    var gid: UInt32
    var modified: FileTime
  }

  /// Beneath the root file system, components separated by single slashes; empty for the root itself.
  var path: [UInt8]
  var kind: Kind
  var metadata: Metadata
}
