import Glibc
package import SystemPackage

/// The names in a directory, one after the other, without `.` and `..`.
package struct DirectoryStream: ~Copyable {
  private let stream: OpaquePointer

  /// Reads `directory` from where it stands: from the first name when it was just opened.
  package init(adopting directory: consuming OwnedDescriptor) throws(Errno) {
    guard let stream = fdopendir(directory.raw) else { throw Errno(rawValue: errno) }
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
      errno = 0
      guard let entry = readdir(stream) else {
        let code = errno
        if code != 0 { throw Errno(rawValue: code) }
        return nil
      }
      if let name = DirectoryStream.name(of: entry) { return name }
    }
  }

  /// All the names that are left.
  package mutating func names() throws(Errno) -> [FilePath] {
    var names: [FilePath] = []
    while let name = try next() { names.append(name) }
    return names
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
