import Glibc
public import SystemPackage

/// A directory of its own for a test, removed with everything in it at the end.
public struct TemporaryDirectory: Sendable {
  /// Where the directory is made.
  public enum Place: Sendable {
    /// In `$TMPDIR`, or `/tmp`: an ordinary file system.
    case disk
    /// In `/dev/shm`, a tmpfs: for tests that make many files.
    case memory

    var parent: String {
      switch self {
      case .memory: "/dev/shm"
      case .disk: getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      }
    }
  }

  /// Where the directory is.
  public let path: FilePath

  /// Calls `body` with a fresh directory of mode 0700, and removes the directory whatever happens.
  public static func with<Result>(
    _ place: Place = .disk, _ body: (TemporaryDirectory) throws -> Result
  ) throws -> Result {
    let directory = try TemporaryDirectory(place)
    defer { directory.remove() }
    return try body(directory)
  }

  /// As `with(_:_:)`, for a body that waits.
  public static func with<Result>(
    _ place: Place = .disk, _ body: (TemporaryDirectory) async throws -> Result
  ) async throws -> Result {
    let directory = try TemporaryDirectory(place)
    defer { directory.remove() }
    return try await body(directory)
  }

  private init(_ place: Place) throws {
    var template = Array("\(place.parent)/appc-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = FilePath(platformString: template)
  }

  /// A path inside.
  public func appending(_ name: String) -> FilePath { path.appending(name) }

  /// Writes a file inside and gives its path.
  ///
  /// Missing parents are made.
  @discardableResult
  public func write(
    _ bytes: [UInt8], to name: String, mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
  )
    throws -> FilePath
  {
    let file = path.pushing(FilePath(name))
    try makeDirectory(FilePath(name).removingLastComponent().string)
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate], permissions: mode)
    try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
    return file
  }

  /// Writes a text file inside and gives its path.
  ///
  /// Missing parents are made.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> FilePath {
    try write(Array(text.utf8), to: name)
  }

  /// Makes a directory inside, with its parents, and gives its path.
  @discardableResult
  public func makeDirectory(_ name: String) throws -> FilePath {
    var directory = path
    for component in FilePath(name).components {
      directory.append(component)
      let result = directory.withPlatformString { mkdir($0, 0o755) }
      guard result == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
    }
    return directory
  }

  /// Every path inside, relative, sorted by bytes.
  ///
  /// Links are not followed.
  public func contents() throws -> [String] {
    try DirectoryContents.names(path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func remove() {
    DirectoryContents.remove(path)
  }
}
