import Glibc
public import SystemPackage

/// An open file descriptor with one owner, closed at the end of its life.
public struct OwnedDescriptor: ~Copyable, Sendable {
  /// The descriptor, for calls made while this value lives.
  public let raw: CInt

  /// Takes over an open descriptor: nobody else may close it.
  public init(taking raw: CInt) {
    self.raw = raw
  }

  deinit {
    _ = close(raw)
  }

  /// The descriptor as SystemPackage's type, still owned here.
  public var descriptor: FileDescriptor { FileDescriptor(rawValue: raw) }

  /// Gives the descriptor up; the caller must close it.
  public consuming func release() -> CInt {
    let raw = raw
    discard self
    return raw
  }
}
