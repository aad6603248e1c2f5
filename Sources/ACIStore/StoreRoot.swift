import ACIArchive
import SystemPackage

/// The open root of a store: every name of the store is resolved from this descriptor, so that renaming the
/// directory, or replacing it by a link, changes nothing for a store that is open.
final class StoreRoot: Sendable {
  let path: FilePath
  private let directory: OwnedDescriptor

  init(path: FilePath, directory: consuming OwnedDescriptor) {
    self.path = path
    self.directory = directory
  }

  var descriptor: Int32 { directory.raw }

  /// A path for messages and for callers.
  func fullPath(_ name: FilePath) -> FilePath { path.pushing(name) }
}

extension StoreRoot {
  func open(_ name: FilePath, _ flags: Int32 = 0) throws(Errno) -> OwnedDescriptor {
    try Kernel.open(descriptor, name, flags)
  }

  func openDirectory(_ name: FilePath) throws(Errno) -> OwnedDescriptor {
    try Kernel.openDirectory(descriptor, name)
  }

  /// The bytes of a small file, or nil when there is none.
  func contents(of name: FilePath, limit: Int) throws(Errno) -> [UInt8]? {
    let file: OwnedDescriptor
    do {
      // A pipe in the place of a file is empty, instead of waited for.
      file = try Kernel.openToRead(descriptor, name)
    } catch .noSuchFileOrDirectory {
      return nil
    }
    return try Kernel.readAll(file, limit: limit)
  }

  /// Every name in a directory of the store; a missing directory is empty.
  func names(in directory: FilePath) throws(Errno) -> [String] {
    let opened: OwnedDescriptor
    do {
      opened = try openDirectory(directory)
    } catch .noSuchFileOrDirectory {
      return []
    }
    var stream = try DirectoryStream(adopting: opened)
    return try stream.names().map(\.string)
  }

  /// Calls `body` with the bytes of each name in a directory of the store; a missing directory is empty.
  func forEachName(in directory: FilePath, _ body: (UnsafeRawBufferPointer) -> Void) throws(Errno) {
    let opened: OwnedDescriptor
    do {
      opened = try openDirectory(directory)
    } catch .noSuchFileOrDirectory {
      return
    }
    var stream = try DirectoryStream(adopting: opened)
    try stream.forEachName(body)
  }

  /// Removes a file; none there is as good.
  func removeFile(_ name: FilePath) throws(Errno) {
    do {
      try Kernel.unlink(descriptor, name)
    } catch .noSuchFileOrDirectory {}
  }

  /// Makes a directory; one that is there already is as good.
  func makeDirectory(_ name: FilePath) throws(Errno) {
    do {
      try Kernel.makeDirectory(descriptor, name)
    } catch .fileExists {}
  }

  /// Makes an entry of a directory survive a power cut.
  func syncDirectory(_ name: FilePath) throws(Errno) {
    let directory = try openDirectory(name)
    try Kernel.sync(directory.raw)
  }
}
