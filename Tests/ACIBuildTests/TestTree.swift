import ACIArchive
import AppcTesting
import Glibc
import SystemPackage

/// A directory to build from, and a place to build to.
struct TestTree {
  let directory: TemporaryDirectory
  let manifest: [UInt8]

  var source: FilePath { directory.appending("src") }
  var output: FilePath { directory.appending("a.aci") }

  /// What lies beside the source.
  func names() throws -> [String] { try ACIBuildTests.names(directory.path) }
}

func withTree<Result>(_ body: (TestTree) throws -> Result) throws -> Result {
  try TemporaryDirectory.with(.memory) { directory in
    let manifest = Array(
      #"{"acKind": "ImageManifest",  "acVersion":"0.8.11","name":"ex/a","x-mine":1.0}"#.utf8)
    try directory.write(manifest, to: "src/manifest")
    for name in ["b", "a/x", "a-b", "B"] {
      try directory.write("content of \(name)", to: "src/rootfs/\(name)")
    }
    return try body(TestTree(directory: directory, manifest: manifest))
  }
}

func read(_ image: FilePath) throws -> (entries: [ArchiveEntry], summary: ArchiveSummary) {
  var entries: [ArchiveEntry] = []
  let summary = try Archive.inspect(ByteSource(opening: image)) { entries.append($0) }
  return (entries, summary)
}

struct MissingEntry: Error {
  let name: String
}

func entry(_ image: FilePath, _ name: String) throws -> ArchiveEntry {
  guard let entry = try read(image).entries.first(where: { $0.path.description == name }) else {
    throw MissingEntry(name: name)
  }
  return entry
}

func names(_ directory: FilePath) throws -> [String] {
  guard let stream = directory.withPlatformString({ opendir($0) }) else { throw Errno(rawValue: errno) }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

func contents(of path: FilePath) throws -> [UInt8] {
  let file = try FileDescriptor.open(path, .readOnly)
  defer { try? file.close() }
  var bytes = [UInt8](repeating: 0, count: Int(try status(of: path).st_size))
  let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
  return Array(bytes.prefix(count))
}

func status(of path: FilePath) throws -> stat {
  var value = stat()
  guard path.withPlatformString({ lstat($0, &value) }) == 0 else { throw Errno(rawValue: errno) }
  return value
}

func setTime(_ path: FilePath, seconds: Int, nanoseconds: Int) {
  let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
  _ = path.withPlatformString { utimensat(AT_FDCWD, $0, [time, time], 0) }
}

func makeSocket(_ path: FilePath) throws {
  // A socket's address holds 108 bytes, so bind beside the long path.
  guard path.withPlatformString({ mknod($0, S_IFSOCK | 0o600, 0) }) == 0 else { throw Errno(rawValue: errno) }
}

/// Whether the attribute could be set: not every file system has them.
///
/// Glibc's module does not carry the call.
func setAttribute(_ path: FilePath, _ name: String, _ value: String) -> Bool {
  typealias Function =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, Int, CInt
    ) -> CInt
  guard let symbol = dlsym(nil, "setxattr") else { return false }
  let setxattr = unsafeBitCast(symbol, to: Function.self)
  return path.withPlatformString { setxattr($0, name, value, value.utf8.count, 0) } == 0
}
