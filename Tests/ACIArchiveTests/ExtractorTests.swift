import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

/// What lstat says of a path, as far as tests ask.
struct FileStatus {
  let mode: UInt32
  let uid: UInt32
  let gid: UInt32
  let size: Int
  let blocks: Int
  let links: Int
  let inode: UInt64
  let modified: FileTime

  init(_ path: FilePath) throws {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else { throw Errno(rawValue: errno) }
    mode = status.st_mode
    uid = status.st_uid
    gid = status.st_gid
    size = status.st_size
    blocks = status.st_blocks
    links = Int(status.st_nlink)
    inode = UInt64(status.st_ino)
    modified = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int32(status.st_mtim.tv_nsec))
  }
}

/// Extracts an image in a fresh directory and lets `body` look at the result.
func withExtracted(
  _ bytes: [UInt8], _ options: ExtractionOptions = .init(),
  _ body: (FilePath, ExtractionReport) throws -> Void
) throws {
  try TemporaryDirectory.with(.memory) { directory in
    let target = directory.appending("out")
    let (_, report) = try Archive.extract(ByteSource(bytes), into: target, extraction: options)
    try #expect(directory.names() == ["out"])
    try body(target, report)
  }
}

extension TemporaryDirectory {
  /// The names at the top, sorted.
  func names() throws -> [String] {
    guard let stream = path.withPlatformString({ opendir($0) }) else { throw Errno(rawValue: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// The bytes of a file.
func read(_ path: FilePath) throws -> [UInt8] {
  let file = try FileDescriptor.open(path, .readOnly)
  return try file.closeAfter {
    var bytes = [UInt8](repeating: 0, count: try FileStatus(path).size)
    let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
    return Array(bytes.prefix(count))
  }
}

struct ExtractorTests {
  private static let isRoot = geteuid() == 0

  @Test("B6: owner, mode with setuid, and time with nanoseconds are kept", .enabled(if: isRoot))
  func metadata() throws {
    let bytes = image(
      pax(("mtime", "1000000000.123456789")),
      RawTar.Entry("rootfs/su", mode: 0o4755, uid: 1234, gid: 5678, content: [1]),
      RawTar.Entry("rootfs/d", type: "5", mode: 0o1777, uid: 1, gid: 2, modified: 77), .file("rootfs/d/f"),
      RawTar.Entry("rootfs/l", type: "2", uid: 3, gid: 4, modified: 88, link: "/nowhere"))
    try withExtracted(bytes) { root, report in
      let file = try FileStatus(root.appending("rootfs/su"))
      #expect(file.mode == S_IFREG | 0o4755 && file.uid == 1234 && file.gid == 5678)
      #expect(file.modified == FileTime(seconds: 1_000_000_000, nanoseconds: 123_456_789))
      let directory = try FileStatus(root.appending("rootfs/d"))
      #expect(directory.mode == S_IFDIR | 0o1777 && directory.uid == 1 && directory.gid == 2)
      #expect(directory.modified == FileTime(seconds: 77))
      let link = try FileStatus(root.appending("rootfs/l"))
      #expect(link.mode & S_IFMT == S_IFLNK && link.uid == 3 && link.gid == 4)
      #expect(link.modified == FileTime(seconds: 88))
      #expect(report.created == 6)
    }
  }

  @Test(
    "children of a directory that nobody may write to are extracted, and the directory is as it should be")
  func readOnlyDirectories() throws {
    let bytes = image(
      .directory("rootfs/ro", mode: 0o555), .file("rootfs/ro/f"), .directory("rootfs/zero", mode: 0),
      .file("rootfs/zero/f"),
      .file("rootfs/late/f"), .directory("rootfs/late", mode: 0o711), .file("rootfs/implied/a/b"))
    try withExtracted(bytes, .init(ownership: .caller)) { root, _ in
      try #expect(FileStatus(root.appending("rootfs/ro")).mode & 0o7777 == 0o555)
      try #expect(FileStatus(root.appending("rootfs/zero")).mode & 0o7777 == 0)
      try #expect(FileStatus(root.appending("rootfs/late")).mode & 0o7777 == 0o711)
      try #expect(FileStatus(root.appending("rootfs/implied")).mode & 0o7777 == 0o755)
      try #expect(FileStatus(root.appending("rootfs/implied")).modified == .epoch)
    }
  }

  @Test("hard links share their file; one to a symbolic link is of the link itself")
  func hardLinks() throws {
    let bytes = image(
      .file("rootfs/f", "x"), .hardLink("rootfs/d/h", to: "rootfs/f"),
      .symbolicLink("rootfs/s", to: "/etc/passwd"),
      .hardLink("rootfs/t", to: "rootfs/s"))
    try withExtracted(bytes, .init(ownership: .caller)) { root, _ in
      let file = try FileStatus(root.appending("rootfs/f"))
      try #expect(FileStatus(root.appending("rootfs/d/h")).inode == file.inode && file.links == 2)
      try #expect(FileStatus(root.appending("rootfs/t")).mode & S_IFMT == S_IFLNK)
    }
  }

  @Test("the caller's own extraction changes no owner and keeps no setuid bit")
  func callerOwnership() throws {
    let bytes = image(RawTar.Entry("rootfs/su", mode: 0o6755, uid: 1234, gid: 5678))
    try withExtracted(bytes, .init(ownership: .caller)) { root, _ in
      let file = try FileStatus(root.appending("rootfs/su"))
      #expect(file.uid == geteuid() && file.gid == getegid() && file.mode & 0o7777 == 0o755)
    }
  }

  @Test("shifted owners are moved by the base, and refused outside of the range", .enabled(if: isRoot))
  func shiftedOwnership() throws {
    let options = ExtractionOptions(ownership: .shifted(uid: 100_000, gid: 200_000, count: 65536))
    try withExtracted(image(RawTar.Entry("rootfs/f", uid: 5, gid: 6)), options) { root, _ in
      let file = try FileStatus(root.appending("rootfs/f"))
      #expect(file.uid == 100_005 && file.gid == 200_006)
    }
    try TemporaryDirectory.with(.memory) { directory in
      #expect(throws: ArchiveError.self) {
        try Archive.extract(
          ByteSource(image(RawTar.Entry("rootfs/f", uid: 65536))), into: directory.appending("out"),
          extraction: options)
      }
      try #expect(directory.names().isEmpty)
    }
  }

  @Test("devices are left out, refused or made as the options say", .enabled(if: isRoot))
  func devices() throws {
    let bytes = image(
      RawTar.Entry("rootfs/null", type: "3", mode: 0o666, device: (1, 3)),
      RawTar.Entry("rootfs/p", type: "6", mode: 0o640))
    try withExtracted(bytes) { root, report in
      #expect(throws: Errno.noSuchFileOrDirectory) { try FileStatus(root.appending("rootfs/null")) }
      try #expect(FileStatus(root.appending("rootfs/p")).mode == S_IFIFO | 0o640)
      #expect(report.skippedDevices == 1)
    }
    try withExtracted(bytes, .init(devices: .create)) { root, _ in
      try #expect(FileStatus(root.appending("rootfs/null")).mode == S_IFCHR | 0o666)
    }
    try TemporaryDirectory.with(.memory) { directory in
      #expect(throws: ArchiveError.self) {
        try Archive.extract(
          ByteSource(bytes), into: directory.appending("out"), extraction: .init(devices: .refuse))
      }
      try #expect(directory.names().isEmpty)
    }
  }

  @Test("holes stay holes")
  func sparse() throws {
    let bytes = image(
      pax(
        ("GNU.sparse.size", "100000000"), ("GNU.sparse.map", "50000000,3"), ("GNU.sparse.name", "rootfs/f")),
      RawTar.Entry("rootfs/x", content: [1, 2, 3]))
    try withExtracted(bytes, .init(ownership: .caller)) { root, report in
      let file = try FileStatus(root.appending("rootfs/f"))
      #expect(file.size == 100_000_000 && file.blocks < 1000)
      #expect(report.writtenBytes == Int64(plainManifest.count) + 3)
      try #expect(read(root.appending("rootfs/f"))[49_999_998..<50_000_005] == [0, 0, 1, 2, 3, 0, 0])
    }
  }

  @Test("what exists is not extracted over, and stays as it is")
  func existing() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write("mine", to: "out/file")
      #expect {
        try Archive.extract(
          ByteSource(image()), into: directory.appending("out"), extraction: .init(ownership: .caller))
      } throws: { ($0 as? ArchiveError)?.code == .destinationExists }
      try directory.write("mine", to: "link")
      try #expect(directory.names() == ["link", "out"])
      try #expect(read(directory.appending("out/file")) == Array("mine".utf8))
    }
  }

  @Test("an image that turns out bad at its very end leaves nothing")
  func nothingLeft() throws {
    let files = (0..<50).map { RawTar.Entry.file("rootfs/d\($0)/f", "content") }
    let good = RawTar(
      [RawTar.Entry("manifest", content: plainManifest), .directory("rootfs", mode: 0o500)] + files
    ).bytes
    try TemporaryDirectory.with(.memory) { directory in
      for bytes in [good + [1], Array(good.dropLast(1024)), StoredGzip.member(good).dropLast(1) + [0xFF]] {
        #expect(throws: ArchiveError.self) {
          try Archive.extract(
            ByteSource(bytes), into: directory.appending("out"), extraction: .init(ownership: .caller))
        }
        try #expect(directory.names().isEmpty)
      }
    }
  }

  @Test("the extractor itself follows no symbolic link, whatever entries it is given")
  func confined() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.makeDirectory("outside")
      try directory.makeDirectory("root")
      _ = directory.appending("root/link").withPlatformString { symlink("../outside", $0) }
      let root = try FileDescriptor.open(directory.appending("root"), .readOnly, options: .directory)
      try root.closeAfter {
        for name in ["link/pwned", "link"] {
          let entry = ArchiveEntry(path: try path(name), kind: .regular, mode: 0o644)
          #expect(throws: ArchiveError.self) {
            var extractor = try Extractor(into: root, options: .init(ownership: .caller))
            var reader = try ArchiveReader(ByteSource(image()))
            try extractor.extract(entry, content: &reader)
            _ = try extractor.finish()
          }
        }
      }
      try #expect(FileStatus(directory.appending("outside")).links == 2)
    }
  }

  @Test("an entry can be put elsewhere, for links to files that are left out")
  func elsewhere() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let root = try FileDescriptor.open(directory.path, .readOnly, options: .directory)
      try root.closeAfter {
        var extractor = try Extractor(into: root, options: .init(ownership: .caller))
        var reader = try ArchiveReader(ByteSource(image(.file("rootfs/a", "content"))))
        while let entry = try reader.next() {
          guard entry.path == (try path("rootfs/a")) else { continue }
          try extractor.extract(entry, at: path("tree/b"), content: &reader)
        }
        try #expect(extractor.finish().created == 1)
      }
      try #expect(read(directory.appending("tree/b")) == Array("content".utf8))
    }
  }
}
