import AppcSchema
import Glibc
public import SystemPackage

/// Where configuration is read from, and what it says: rkt's directories and file formats.
///
/// The system's, the local and the user's directory are read in this order, and the later ones win.
public struct Configuration: Sendable {
  /// The distribution's configuration.
  public var system: FilePath
  /// The administrator's.
  public var local: FilePath
  /// The user's, if there is one.
  public var user: FilePath?

  /// The usual places: `/usr/lib/appc`, `/etc/appc`, and `$XDG_CONFIG_HOME/appc` for an ordinary user.
  public init(system: FilePath = "/usr/lib/appc", local: FilePath = "/etc/appc", user: FilePath? = nil) {
    self.system = system
    self.local = local
    self.user = user
  }

  /// The data directory: `paths.d` of the configuration, or the usual one of this user.
  ///
  /// - Parameter environment: `HOME` and `XDG_DATA_HOME` of an ordinary user.
  /// - Throws: ``EngineError`` with `.configuration` naming the file that is wrong.
  public func dataDirectory(isRoot: Bool, environment: [String: String]) throws(EngineError) -> FilePath {
    var configured: FilePath?
    for directory in [system, local] + (user.map { [$0] } ?? []) {
      for file in try Self.files(in: directory.appending("paths.d")) {
        guard let data = try Self.dataPath(in: file) else { continue }
        configured = data
      }
    }
    if let configured { return configured }
    if isRoot { return "/var/lib/appc" }
    if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return FilePath(data).appending("appc") }
    guard let home = environment["HOME"], !home.isEmpty else {
      throw EngineError(
        .configuration, "finding", "the data directory",
        detail: "HOME is not set; give the directory with --dir")
    }
    return FilePath(home).appending(".local/share/appc")
  }

  /// The `.json` files of a directory, by name; none if it does not exist.
  private static func files(in directory: FilePath) throws(EngineError) -> [FilePath] {
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw EngineError(.configuration, "reading", directory.string, errno: Errno(rawValue: errno))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.utf8.suffix(5).elementsEqual(".json".utf8) { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { directory.appending($0) }
  }

  private static func dataPath(in file: FilePath) throws(EngineError) -> FilePath? {
    let value: JSONValue
    do {
      let descriptor = try FileDescriptor.open(file, .readOnly)
      defer { try? descriptor.close() }
      value = try JSONValue.parse(try read(descriptor, limit: 1 << 20))
    } catch let error as Errno {
      throw EngineError(.configuration, "reading", file.string, errno: error)
    } catch {
      throw EngineError(.configuration, "reading", file.string, detail: "\(error)")
    }
    guard value["rktKind"]?.string == "paths" else { return nil }
    guard value["rktVersion"]?.string == "v1" else {
      throw EngineError(.configuration, "reading", file.string, detail: "its rktVersion is not \"v1\"")
    }
    guard let data = value["data"]?.string else { return nil }
    guard data.utf8.first == UInt8(ascii: "/") else {
      throw EngineError(.configuration, "reading", file.string, detail: "its data path is not absolute")
    }
    return FilePath(data)
  }

  private static func read(_ descriptor: FileDescriptor, limit: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = try bytes.withUnsafeMutableBytes { buffer in
        try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }
}
