import ACIArchive
import ACIStore
import Glibc
import Synchronization
import SystemPackage

/// What lies in a rendered tree or a store, as tests ask for it.
func text(_ tree: RenderedTree, _ path: String) throws -> String {
  String(decoding: try contents(of: tree.rootfs.appending(path)), as: UTF8.self)
}

func contents(of path: FilePath) throws -> [UInt8] {
  let file = try FileDescriptor.open(path, .readOnly)
  defer { try? file.close() }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
    if count == 0 { return bytes }
    bytes += chunk.prefix(count)
  }
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

func status(of path: FilePath) throws -> stat {
  var value = stat()
  guard path.withPlatformString({ lstat($0, &value) }) == 0 else { throw Errno(rawValue: errno) }
  return value
}

func inode(of path: FilePath) throws -> UInt64 { UInt64(try status(of: path).st_ino) }

func mode(of path: FilePath) throws -> UInt32 { UInt32(try status(of: path).st_mode) & 0o7777 }

func exists(_ path: FilePath) -> Bool { (try? status(of: path)) != nil }

/// Runs `body` in as many tasks at once and gives what each gave.
func inParallel<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) async throws -> [Value] {
  try await withThrowingTaskGroup(of: Value.self) { group in
    for index in 0..<count { group.addTask { try body(index) } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
}

/// What a progress handler was told.
final class Seen: Sendable {
  private let steps = Mutex<[ArchiveProgress]>([])

  var all: [ArchiveProgress] { steps.withLock { $0 } }

  func add(_ step: ArchiveProgress) { steps.withLock { $0.append(step) } }
}
