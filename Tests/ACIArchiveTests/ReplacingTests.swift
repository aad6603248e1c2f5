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
