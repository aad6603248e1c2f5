import ACIArchive
import AppcTesting
import CAppcLinux
import Glibc
import SystemPackage
import Testing

@Suite("An output that takes the place of a file")
struct ReplacingTests {
  private static let access = "system.posix_acl_access"
  /// An access list: owner rw, user 1234 rw, group nothing, mask rw, others nothing.
  private static let list: [UInt8] =
    [2, 0, 0, 0] + entry(1, 6) + entry(2, 6, of: [0xd2, 4, 0, 0]) + entry(4, 0) + entry(16, 6) + entry(32, 0)

  private static func entry(
    _ tag: UInt8, _ rights: UInt8, of id: [UInt8] = [0xff, 0xff, 0xff, 0xff]
  ) -> [UInt8] {
    [tag, 0, rights, 0] + id
  }

  @Test("an access list stays, for without it its mask would be the group's rights")
  func accessList() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write(Array("old".utf8), to: "file", mode: .ownerReadWrite)
      guard try set(Self.access, Self.list, on: path) else { return }
      try #expect(FileStatus(path).mode == S_IFREG | 0o660)
      try replace(path)
      try #expect(FileStatus(path).mode == S_IFREG | 0o660)
      try #expect(get(Self.access, of: path) == Self.list)
    }
  }

  @Test("a directory's default list gives nobody what the old file did not")
  func defaultList() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write(Array("old".utf8), to: "file", mode: [.ownerReadWrite, .groupRead])
      guard try set("system.posix_acl_default", Self.list, on: directory.path) else { return }
      try replace(path)
      try #expect(FileStatus(path).mode == S_IFREG | 0o640)
      try #expect(get(Self.access, of: path) == nil)
    }
  }

  @Test("a file other than the one that was read is left alone")
  func another() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("old", to: "file")
      var status = stat()
      _ = path.withPlatformString { lstat($0, &status) }
      _ = try OutputFile.replacing(path, read: FileIdentity(status))
      _ = path.withPlatformString { rename($0, path.string + ".moved") }
      try directory.write("another", to: "file")
      #expect(throws: Errno.staleNFSFileHandle) {
        _ = try OutputFile.replacing(path, read: FileIdentity(status))
      }
      try #expect(directory.names() == ["file", "file.moved"])
    }
  }

  @Test("links are followed, absolute and relative, and what they lead to is replaced")
  func links() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write("old", to: "a/file")
      try directory.makeDirectory("b")
      for (link, target) in [
        ("b/relative", "../a/file"), ("absolute", directory.appending("b/relative").string), ("way", "a"),
      ] {
        #expect(directory.appending(link).withPlatformString { symlink(target, $0) } == 0)
      }
      for (number, path) in ["b/relative", "absolute", "way/file"].enumerated() {
        var output = try OutputFile.replacing(directory.appending(path))
        try output.descriptor.writeAll("\(number)".utf8)
        try output.publish(overwrite: true)
        try #expect(read(file) == Array("\(number)".utf8))
      }
      try #expect(directory.contents() == ["a", "a/file", "absolute", "b", "b/relative", "way"])
    }
  }

  @Test("links that go in a circle are an error, and so is what is no file")
  func noFile() throws {
    try TemporaryDirectory.with(.memory) { directory in
      #expect(directory.appending("circle").withPlatformString { symlink("circle", $0) } == 0)
      #expect(directory.appending("nowhere").withPlatformString { symlink("none", $0) } == 0)
      for (path, expected) in [
        ("circle", Errno.tooManySymbolicLinkLevels), ("nowhere", Errno.noSuchFileOrDirectory),
        (".", Errno.invalidArgument),
      ] {
        #expect(throws: expected) { _ = try OutputFile.replacing(directory.path.pushing(FilePath(path))) }
      }
    }
  }

  @Test("whoever leads its directory's name elsewhere meanwhile moves nothing")
  func swappedParent() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write("old", to: "here/file")
      try directory.write("precious", to: "there/file")
      let way = directory.appending("way")
      #expect(way.withPlatformString { symlink("here", $0) } == 0)
      var output = try OutputFile.replacing(way.appending("file"))
      #expect(way.withPlatformString { unlink($0) } == 0)
      #expect(way.withPlatformString { symlink("there", $0) } == 0)
      try output.descriptor.writeAll("new".utf8)
      try output.publish(overwrite: true)
      try #expect(read(directory.appending("here/file")) == Array("new".utf8))
      try #expect(read(directory.appending("there/file")) == Array("precious".utf8))
      try #expect(directory.contents() == ["here", "here/file", "there", "there/file", "way"])
    }
  }

  private func replace(_ path: FilePath) throws {
    var file = try OutputFile.replacing(path)
    try file.publish(overwrite: true)
  }

  /// False where the file system has no such lists.
  private func set(_ name: String, _ value: [UInt8], on path: FilePath) throws -> Bool {
    let file = try FileDescriptor.open(path, .readOnly)
    defer { try? file.close() }
    return appc_fsetxattr(file.rawValue, name, value, value.count) == 0
  }

  private func get(_ name: String, of path: FilePath) throws -> [UInt8]? {
    let file = try FileDescriptor.open(path, .readOnly)
    defer { try? file.close() }
    var value = [UInt8](repeating: 0, count: 1024)
    let count = value.withUnsafeMutableBytes { appc_fgetxattr(file.rawValue, name, $0.baseAddress, $0.count) }
    return count < 0 ? nil : Array(value.prefix(Int(count)))
  }
}
