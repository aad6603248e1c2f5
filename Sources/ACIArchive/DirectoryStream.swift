import Glibc
package import SystemPackage

/// The names in a directory, one after the other, without `.` and `..`.
package struct DirectoryStream: ~Copyable {
  private let stream: OpaquePointer

  /// Reads `directory` from where it stands: from the first name when it was just opened.
  package init(adopting directory: consuming OwnedDescriptor) throws(Errno) {
    let raw = directory.raw
    let stream = try Kernel.glibc(pointer: { fdopendir(raw) })
    _ = directory.release()
    self.stream = stream
  }

  deinit {
    closedir(stream)
  }

  /// The directory, open as long as this value lives.
  package var descriptor: CInt { dirfd(stream) }

  /// Starts again from the first name.
  package mutating func rewind() {
    rewinddir(stream)
  }

  /// The next name, or nil when there are no more.
  package mutating func next() throws(Errno) -> FilePath? {
    while true {
      guard let entry = try nextEntry() else { return nil }
      if let name = DirectoryStream.name(of: entry) { return name }
    }
  }

  /// All the names that are left.
  package mutating func names() throws(Errno) -> [FilePath] {
    var names: [FilePath] = []
    while let name = try next() { names.append(name) }
    return names
  }

  /// Calls `body` with the bytes of each name that is left, which are gone when it returns.
  ///
  /// For directories of many files: no memory is taken for a name.
  package mutating func forEachName(_ body: (UnsafeRawBufferPointer) -> Void) throws(Errno) {
    while let entry = try nextEntry() {
      withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          let name = UnsafeRawBufferPointer(start: text, count: strnlen(text, 256))
          if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { body(name) }
        }
      }
    }
  }

  /// No entry is the end, or an error when `errno` was set.
  private mutating func nextEntry() throws(Errno) -> UnsafeMutablePointer<dirent>? {
    var entry: UnsafeMutablePointer<dirent>?
    _ = try Kernel.glibc { () -> CInt in
      errno = 0
      entry = readdir(stream)
      return entry == nil && errno != 0 ? -1 : 0
    }
    return entry
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> FilePath? {
    withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 256) { text in
        if strcmp(text, ".") == 0 || strcmp(text, "..") == 0 { return nil }
        return FilePath(platformString: text)
      }
    }
  }
}
