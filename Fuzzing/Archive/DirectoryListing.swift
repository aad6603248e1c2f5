@testable import ACIArchive
import FuzzSupport
import Glibc
import SystemPackage

/// What lies beneath a directory, looked up by the kernel's own means.
struct DirectoryListing {
  private struct Found {
    let status: stat
    let content: [UInt8]
  }

  private var files: [[UInt8]: Found] = [:]

  init(of directory: FilePath) {
    walk(Array(directory.string.utf8), [])
  }

  private mutating func walk(_ directory: [UInt8], _ prefix: [UInt8]) {
    for name in DirectoryListing.names(in: directory) {
      let full = directory + [UInt8(ascii: "/")] + name
      let path = prefix + name
      var status = stat()
      guard lstat(full.terminated, &status) == 0 else {
        return hold(false, "what is listed is there: \(path)")
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        files[path] = Found(status: status, content: [])
        walk(full, path + [UInt8(ascii: "/")])
      case S_IFREG: files[path] = Found(status: status, content: DirectoryListing.read(full))
      case S_IFLNK: files[path] = Found(status: status, content: DirectoryListing.readLink(full))
      default: files[path] = Found(status: status, content: [])
      }
    }
  }

  /// Everything that the model has is there, and nothing else.
  func check(against tree: ModelTree) {
    let expected = tree.nodes.filter { $0.value != .device }
    hold(
      Set(files.keys) == Set(expected.keys), "just what the image holds is made: \(files.keys) \(expected)")
    for (path, node) in expected {
      guard let found = files[path] else { continue }
      check(path, found, node)
      if let entry = tree.entries[path] { check(path, found, entry) }
      let origin = tree.origins[path] ?? path
      hold(files[origin]?.status.st_ino == found.status.st_ino, "hard links share a file: \(path)")
    }
  }

  private func check(_ path: [UInt8], _ found: Found, _ node: ModelTree.Node) {
    let type = found.status.st_mode & S_IFMT
    switch node {
    case .directory: hold(type == S_IFDIR, "it is a directory: \(path)")
    case .file(let content):
      hold(type == S_IFREG && found.content == content, "it is a file of the image's content: \(path)")
    case .symbolicLink(let target):
      hold(type == S_IFLNK && found.content == target, "it is a link to the image's target: \(path)")
    case .fifo: hold(type == S_IFIFO, "it is a FIFO: \(path)")
    case .device: break
    }
  }

  private func check(_ path: [UInt8], _ found: Found, _ entry: ArchiveEntry) {
    let status = found.status
    hold(status.st_uid == entry.uid && status.st_gid == entry.gid, "its owner is the image's: \(path)")
    if entry.kind != .symbolicLink {
      hold(status.st_mode & 0o7777 == mode_t(entry.mode), "its mode is the image's: \(path)")
    }
    // Beyond these the kernel clamps, each file system in its own way.
    if (-(1 << 31)..<(1 << 31)).contains(entry.modified.seconds) {
      hold(
        status.st_mtim.tv_sec == Int(entry.modified.seconds)
          && status.st_mtim.tv_nsec == Int(entry.modified.nanoseconds), "its time is the image's: \(path)")
    }
  }
}

extension DirectoryListing {
  static func names(in directory: FilePath) -> [String] {
    names(in: Array(directory.string.utf8)).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  private static func names(in directory: [UInt8]) -> [[UInt8]] {
    guard let stream = opendir(directory.terminated) else { return [] }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
    }
    return names
  }

  private static func read(_ path: [UInt8]) -> [UInt8] {
    let file = open(path.terminated, O_RDONLY | O_NOFOLLOW)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(file, &buffer, buffer.count), count > 0 { content += buffer[..<count] }
    return content
  }

  private static func readLink(_ path: [UInt8]) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 4097)
    let count = readlink(path.terminated, &buffer, buffer.count)
    return buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:))
  }

  /// Removes a directory and what lies beneath it.
  static func remove(_ directory: FilePath) {
    remove(Array(directory.string.utf8))
  }

  private static func remove(_ path: [UInt8]) {
    guard unlink(path.terminated) != 0 else { return }
    for name in names(in: path) { remove(path + [UInt8(ascii: "/")] + name) }
    rmdir(path.terminated)
  }
}

extension [UInt8] {
  fileprivate var terminated: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
