import CAppcLinux
import SystemPackage

/// A descriptor that is closed when its owner goes.
struct OwnedDescriptor: ~Copyable {
  let descriptor: FileDescriptor

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// Takes the result of a C call: a descriptor, or `-errno`.
  init(checking result: Int32) throws(Errno) {
    guard result >= 0 else { throw Errno(rawValue: -result) }
    descriptor = FileDescriptor(rawValue: result)
  }

  deinit { try? descriptor.close() }

  var rawValue: Int32 { descriptor.rawValue }

  /// Gives the descriptor away; whoever takes it closes it.
  consuming func release() -> FileDescriptor {
    let descriptor = descriptor
    discard self
    return descriptor
  }
}

extension FileDescriptor {
  /// Opens a path that no link may be part of, beneath this directory or, for an absolute path, from the root.
  func openWithoutLinks(_ path: FilePath, flags: UInt64) throws(Errno) -> OwnedDescriptor {
    try OwnedDescriptor(
      checking: path.withPlatformString {
        appc_stage_open(rawValue, $0, flags, UInt32(APPC_RESOLVE_NO_SYMLINKS))
      })
  }

  /// Opens a path as if this directory were the root.
  func openInRoot(_ path: FilePath, flags: UInt64) throws(Errno) -> OwnedDescriptor {
    try OwnedDescriptor(
      checking: path.withPlatformString {
        appc_stage_open(rawValue, $0, flags, UInt32(APPC_RESOLVE_IN_ROOT))
      })
  }
}
