import Glibc
import SystemPackage

/// The names in a directory, one after the other, without `.` and `..`.
struct DirectoryStream: ~Copyable {
  /// A name and whether it is certainly a directory; false when it is not or the file system does not tell.
  struct Entry {
    let name: FilePath
    let isDirectory: Bool
  }

  private let stream: OpaquePointer

  /// Takes over `directory`, which is closed with the stream, or at once when this fails.
  init(adopting directory: Int32) throws(Errno) {
    guard let stream = fdopendir(directory) else {
      let code = errno
      Kernel.close(directory)
      throw Errno(rawValue: code)
    }
    self.stream = stream
  }

  deinit {
    closedir(stream)
  }

  var descriptor: Int32 { dirfd(stream) }

  /// Starts again from the first name.
  mutating func rewind() {
    rewinddir(stream)
  }

  mutating func next() throws(Errno) -> Entry? {
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        let code = errno
        if code != 0 { throw Errno(rawValue: code) }
        return nil
      }
      guard let name = DirectoryStream.name(of: entry) else { continue }
      return Entry(name: name, isDirectory: entry.pointee.d_type == UInt8(DT_DIR))
    }
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

extension StoreRoot {
  /// Every name in a directory of the store; a missing directory is empty.
  func names(in directory: FilePath) throws(Errno) -> [String] {
    let file: Int32
    do {
      file = try Kernel.openDirectory(descriptor, directory)
    } catch .noSuchFileOrDirectory {
      return []
    }
    var stream = try DirectoryStream(adopting: file)
    var names: [String] = []
    while let entry = try stream.next() { names.append(entry.name.string) }
    return names
  }
}
