import ACIArchive
import AppcTesting
import CAppcLinux
import Glibc
import SystemPackage
import Testing

/// Names of the extended attributes of a file.
private func attributes(_ path: FilePath) throws -> [String] {
  let file = try FileDescriptor.open(path, .readOnly)
  return try file.closeAfter {
    var names = [UInt8](repeating: 0, count: 4096)
    let length = names.withUnsafeMutableBytes { appc_flistxattr(file.rawValue, $0.baseAddress, $0.count) }
    guard length >= 0 else { throw Errno(rawValue: CInt(-length)) }
    return names.prefix(Int(length)).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }
}

@Suite(.enabled(if: geteuid() == 0))
struct AttributeTests {
  /// A capability set (cap_net_raw+ep) as the kernel stores it.
  private let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  private var hostile: [UInt8] {
    image(
      paxBytes([
        ("SCHILY.xattr.user.note", [1, 0, 2]), ("SCHILY.xattr.security.capability", capability),
        ("SCHILY.xattr.trusted.overlay.opaque", [0x79]), ("SCHILY.xattr.user.overlay.opaque", [0x79]),
        ("SCHILY.xattr.security.selinux", [0x78]), ("SCHILY.xattr.system.posix_acl_access", [2, 0, 0, 0]),
      ]),
      RawTar.Entry("rootfs/f", mode: 0o4755, uid: 1234, content: [1]))
  }

  @Test("B6: harmless attributes are kept, even past chown; those that steer the host are left out")
  func kept() throws {
    try withExtracted(hostile) { root, report in
      try #expect(attributes(root.appending("rootfs/f")) == ["security.capability", "user.note"])
      try #expect(FileStatus(root.appending("rootfs/f")).mode & 0o7777 == 0o4755)
      #expect(report.droppedAttributes == 4)
    }
  }

  @Test("a caller's own extraction keeps no capability")
  func callers() throws {
    try withExtracted(hostile, .init(ownership: .caller)) { root, _ in
      try #expect(attributes(root.appending("rootfs/f")) == ["user.note"])
    }
  }

  @Test("all attributes can be left out, or the unusual ones refused")
  func policies() throws {
    try withExtracted(hostile, .init(attributes: .none)) { root, report in
      try #expect(attributes(root.appending("rootfs/f")).isEmpty)
      #expect(report.droppedAttributes == 6)
    }
    try TemporaryDirectory.with(.memory) { directory in
      #expect {
        try Archive.extract(
          ByteSource(hostile), into: directory.appending("out"), extraction: .init(attributes: .refuse))
      } throws: { ($0 as? ArchiveError)?.code == .attributeRefused }
      try #expect(directory.names().isEmpty)
    }
  }
}
