import ACIArchive
import ACIBuild
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Building an image")
struct ImageBuilderTests {
  @Test("the manifest comes first, byte for byte, then the tree in the order of its bytes")
  func order() throws {
    try withTree { tree in
      let built = try ImageBuilder(directory: tree.source).build(to: tree.output)
      let (entries, summary) = try read(tree.output)
      #expect(
        entries.map(\.path.description)
          == [
            "manifest", "rootfs", "rootfs/B", "rootfs/a", "rootfs/a-b", "rootfs/a/x", "rootfs/b",
          ].sorted { ArchiveOrder.precedes($0, $1) })
      #expect(summary.manifestBytes == tree.manifest)
      #expect(summary.imageID == built.imageID)
      #expect(built.entries == entries.count)
      #expect(built.bytes == Int64(try status(of: tree.output).st_size))
    }
  }

  @Test("two builds of the same tree are the same image, whatever the compression")
  func deterministic() throws {
    try withTree { tree in
      let first = try ImageBuilder(directory: tree.source).build(to: tree.output)
      let second = try ImageBuilder(directory: tree.source, options: .init(compression: .none))
        .build(to: tree.directory.appending("b.aci"))
      #expect(first.imageID == second.imageID)
    }
  }

  @Test("the same files made in another order, at another place, are the same image with SOURCE_DATE_EPOCH")
  func reproducible() throws {
    let ids = try [["a", "b", "c"], ["c", "a", "b"]].map { order in
      try withTree { tree in
        for name in order { try tree.directory.write(name, to: "src/rootfs/d/\(name)") }
        let options = ImageBuilder.Options(ownerRoot: true, sourceDateEpoch: 1_000_000_000)
        return try ImageBuilder(directory: tree.source, options: options).build(to: tree.output).imageID
      }
    }
    #expect(ids[0] == ids[1])
  }

  @Test("times are kept to the nanosecond, and cut to SOURCE_DATE_EPOCH when they are later")
  func times() throws {
    try withTree { tree in
      let file = tree.source.appending("rootfs/b")
      setTime(file, seconds: 1_234_567_890, nanoseconds: 123_456_789)
      _ = try ImageBuilder(directory: tree.source).build(to: tree.output)
      #expect(
        try entry(tree.output, "rootfs/b").modified
          == FileTime(seconds: 1_234_567_890, nanoseconds: 123_456_789))
      let options = ImageBuilder.Options(overwrite: true, sourceDateEpoch: 1_000_000_000)
      _ = try ImageBuilder(directory: tree.source, options: options).build(to: tree.output)
      #expect(try entry(tree.output, "rootfs/b").modified == FileTime(seconds: 1_000_000_000))
    }
  }

  @Test("B6: modes, hard links, symbolic links and extended attributes are kept")
  func fidelity() throws {
    try withTree { tree in
      let file = tree.source.appending("rootfs/b")
      _ = file.withPlatformString { chmod($0, 0o4751) }
      let link = tree.source.appending("rootfs/z")
      _ = file.withPlatformString { old in link.withPlatformString { Glibc.link(old, $0) } }
      let symbolic = tree.source.appending("rootfs/s")
      _ = symbolic.withPlatformString { symlink("../../outside", $0) }
      let hasAttribute = setAttribute(file, "user.note", "hello")
      _ = try ImageBuilder(directory: tree.source).build(to: tree.output)
      let regular = try entry(tree.output, "rootfs/b")
      #expect(regular.mode == 0o4751)
      #expect(
        !hasAttribute || regular.xattrs == [.init(name: Array("user.note".utf8), value: Array("hello".utf8))])
      let hard = try entry(tree.output, "rootfs/z")
      #expect(hard.kind == .hardLink && hard.linkTarget == Array("rootfs/b".utf8))
      let target = try entry(tree.output, "rootfs/s").linkTarget
      #expect(target == Array("../../outside".utf8))
    }
  }

  @Test(
    "pipes and devices are entries and are never opened; a socket is left out, and said so",
    .timeLimit(.minutes(1)))
  func specialFiles() throws {
    try withTree { tree in
      let pipe = tree.source.appending("rootfs/pipe")
      _ = pipe.withPlatformString { mkfifo($0, 0o600) }
      try makeSocket(tree.source.appending("rootfs/socket"))
      let built = try ImageBuilder(directory: tree.source).build(to: tree.output)
      #expect(try entry(tree.output, "rootfs/pipe").kind == .fifo)
      #expect(try read(tree.output).entries.allSatisfy { $0.path.description != "rootfs/socket" })
      #expect(built.diagnostics.map(\.subject) == ["rootfs/socket"])
    }
  }

  @Test("devices keep their numbers", .enabled(if: geteuid() == 0))
  func devices() throws {
    try withTree { tree in
      let device = tree.source.appending("rootfs/null")
      guard device.withPlatformString({ mknod($0, S_IFCHR | 0o666, 0x0103) }) == 0 else { return }
      _ = try ImageBuilder(directory: tree.source).build(to: tree.output)
      let made = try entry(tree.output, "rootfs/null")
      #expect(made.kind == .characterDevice && made.deviceMajor == 1 && made.deviceMinor == 3)
    }
  }

  @Test("--owner-root gives everything to 0:0", .enabled(if: geteuid() == 0))
  func ownerRoot() throws {
    try withTree { tree in
      _ = tree.source.appending("rootfs/b").withPlatformString { chown($0, 1000, 1000) }
      _ = try ImageBuilder(directory: tree.source).build(to: tree.output)
      #expect(try entry(tree.output, "rootfs/b").uid == 1000)
      let options = ImageBuilder.Options(overwrite: true, ownerRoot: true)
      _ = try ImageBuilder(directory: tree.source, options: options).build(to: tree.output)
      #expect(try entry(tree.output, "rootfs/b").uid == 0)
    }
  }

  @Test("B6: a sparse file stays sparse, and its image does not depend on how the disk has laid it out")
  func sparse() throws {
    let size: Int64 = 100 << 20
    let ids = try [Int64(0), 65536].map { padding in
      try withTree { tree in
        let path = tree.source.appending("rootfs/sparse")
        let file = try FileDescriptor.open(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        _ = try file.writeAll(toAbsoluteOffset: 1 << 20, "data".utf8)
        // Zeros that are stored, next to data: a hole all the same.
        let zeros = [UInt8](repeating: 0, count: Int(padding))
        if padding > 0 { _ = try file.writeAll(toAbsoluteOffset: 2 << 20, zeros) }
        ftruncate(file.rawValue, off_t(size))
        try file.close()
        let options = ImageBuilder.Options(compression: .none, ownerRoot: true, sourceDateEpoch: 0)
        let built = try ImageBuilder(directory: tree.source, options: options).build(to: tree.output)
        #expect(built.bytes < 1 << 20)
        let made = try entry(tree.output, "rootfs/sparse")
        #expect(made.size == size && made.storedSize == 65536)
        return built.imageID
      }
    }
    #expect(ids[0] == ids[1])
  }

  @Test(
    "B14: with SOURCE_DATE_EPOCH, a tree made later gives the same file in every compression",
    arguments: [OutputCompression.none, .gzip(), .bzip2(), .xz(), .zstd()])
  func epoch(_ compression: OutputCompression) throws {
    let files = try [0, 1].map { run in
      try withTree { tree in
        try tree.directory.write("content", to: "src/rootfs/later")
        setTime(tree.source.appending("rootfs/later"), seconds: 1_500_000_000 + run * 1000, nanoseconds: 1)
        let options = ImageBuilder.Options(
          compression: compression, ownerRoot: true, sourceDateEpoch: 1_000_000_000)
        _ = try ImageBuilder(directory: tree.source, options: options).build(to: tree.output)
        return try contents(of: tree.output)
      }
    }
    #expect(files[0] == files[1])
  }

  @Test("names that are not text are kept byte for byte")
  func bytes() throws {
    try withTree { tree in
      let name: [CChar] = Array("\(tree.source.string)/rootfs/".utf8CString.dropLast()) + [-1, 0x41, 0]
      let descriptor = open(name, O_CREAT | O_WRONLY, 0o644)
      #expect(descriptor >= 0)
      close(descriptor)
      _ = try ImageBuilder(directory: tree.source).build(to: tree.output)
      let last = try #require(try read(tree.output).entries.first { $0.path.bytes.contains(0xFF) })
      #expect(last.path.bytes == Array("rootfs/".utf8) + [0xFF, 0x41])
    }
  }
}

/// The order of the walk: a directory before what it holds, names by bytes.
enum ArchiveOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.split(separator: "/").lexicographicallyPrecedes(right.split(separator: "/")) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }
}
