import Glibc
import SystemPackage

/// The names in a directory, as bytes.
enum DirectoryListing {
  /// All names but `.` and `..`, in no order.
  ///
  /// A file system that does not tell kinds counts all as directories.
  static func names(in path: FilePath, directoriesOnly: Bool = false) throws(Errno) -> [[UInt8]] {
    try names(
      in: try SmallFile.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), directoriesOnly: directoriesOnly)
  }

  /// The same of an open directory, which is read from its start and closed.
  static func names(
    in directory: consuming OwnedDescriptor, directoriesOnly: Bool = false
  ) throws(Errno) -> [[UInt8]] {
    let descriptor = directory.release()
    guard let stream = fdopendir(descriptor.rawValue) else {
      let error = Errno(rawValue: errno)
      try? descriptor.close()
      throw error
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
      }
      if directoriesOnly, entry.pointee.d_type != DT_DIR, entry.pointee.d_type != DT_UNKNOWN { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          Array(
            UnsafeBufferPointer(
              start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
        }
      }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
  }
}
