import AppcTesting
import CAppcLinux
import Glibc
import SystemPackage
import Testing

@testable import ACIArchive

/// Trees of all that a tar can say, made by chance, written and read by us and by others.
struct WriterPropertyTests {
  /// The same numbers for the same seed.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  /// What chance may come up with.
  private struct Bounds {
    /// Bytes of names.
    var letters: [UInt8] = (1...255 as ClosedRange<UInt8>).filter { $0 != slash }
    var times: ClosedRange<Int64> = -(1 << 40)...(1 << 40)
    var owners: ClosedRange<UInt32> = 0...(.max - 1)
    var modes: ClosedRange<UInt16> = 0...0o7777
    var kinds: [EntryKind] = [
      .regular, .regular, .directory, .symbolicLink, .hardLink, .fifo, .characterDevice, .blockDevice,
    ]
    var hasAttributes = true
  }

  private typealias Tree = [(entry: ArchiveEntry, content: [UInt8])]

  private func tree(_ seed: UInt64, _ bounds: Bounds = Bounds()) throws -> Tree {
    var dice = Dice(state: seed)
    var tree: Tree = []
    var directories = [ArchivePath.rootfs]
    var files: [ArchivePath] = []
    var names: Set<ArchivePath> = []
    for _ in 0..<60 {
      let parent = try #require(directories.randomElement(using: &dice))
      let path = try parent.appending(name(bounds, &dice))
      guard path.bytes.count < 4000, names.insert(path).inserted else { continue }
      var entry = ArchiveEntry(path: path, kind: .regular, mode: .random(in: bounds.modes, using: &dice))
      entry.kind = try #require(bounds.kinds.randomElement(using: &dice))
      if entry.kind == .hardLink, files.isEmpty { entry.kind = .regular }
      entry.uid = owner(bounds, &dice)
      entry.gid = owner(bounds, &dice)
      entry.modified = time(bounds, &dice)
      var content: [UInt8] = []
      switch entry.kind {
      case .directory: directories.append(path)
      case .regular:
        content = bytes(Int.random(in: 0...4000, using: &dice), &dice)
        if content.count > 2500 { entry.sparseMap = try sparse(&content) }
        files.append(path)
      case .symbolicLink: entry.linkTarget = name(bounds, &dice) + [slash] + name(bounds, &dice)
      case .hardLink: entry.linkTarget = try #require(files.randomElement(using: &dice)).bytes
      case .characterDevice, .blockDevice:
        entry.deviceMajor = .random(in: 1...4095, using: &dice)
        entry.deviceMinor = .random(in: 0...0xFFFFF, using: &dice)
      case .fifo: break
      }
      entry.size = Int64(content.count)
      if bounds.hasAttributes, entry.kind != .hardLink { entry.xattrs = attributes(&dice) }
      tree.append((entry, content))
    }
    return tree
  }

  /// Names whose lengths are often those at which a header's fields end.
  private func name(_ bounds: Bounds, _ dice: inout Dice) -> [UInt8] {
    let length = [1, 3, 8, 50, 92, 93, 94, 99, 100, 101, 147, 148, 149, 155, 156, 255].randomElement(
      using: &dice)
    let name = (0..<(length ?? 1)).map { _ in bounds.letters.randomElement(using: &dice) ?? 0x61 }
    return name.allSatisfy { $0 == UInt8(ascii: ".") } ? [0x61] : name
  }

  private func owner(_ bounds: Bounds, _ dice: inout Dice) -> UInt32 {
    let known: [UInt32] = [0, 1000, 65534, 2_097_151, 2_097_152, .max - 1]
    let owner = Bool.random(using: &dice) ? known.randomElement(using: &dice) : nil
    return min(owner ?? .random(in: bounds.owners, using: &dice), bounds.owners.upperBound)
  }

  private func time(_ bounds: Bounds, _ dice: inout Dice) -> FileTime {
    let known: [Int64] = [0, -1, 1, 0o77777777777, 0o77777777777 + 1, .min / 2, .max / 2]
    let seconds = known.filter(bounds.times.contains).randomElement(using: &dice) ?? 0
    let nanoseconds: [Int32] = [0, 1, 100, 500_000_000, 999_999_999]
    return FileTime(
      seconds: Bool.random(using: &dice) ? seconds : .random(in: bounds.times, using: &dice),
      nanoseconds: nanoseconds.randomElement(using: &dice) ?? 0)
  }

  private func bytes(_ count: Int, _ dice: inout Dice) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &dice) }
  }

  /// Punches a hole into the content.
  private func sparse(_ content: inout [UInt8]) throws -> SparseMap {
    for index in 512..<2048 { content[index] = 0 }
    let size = Int64(content.count)
    return try SparseMap(
      [.init(offset: 0, length: 512), .init(offset: 2048, length: size - 2048)], size: size)
  }

  private func attributes(_ dice: inout Dice) -> [ExtendedAttribute] {
    guard Int.random(in: 0..<4, using: &dice) == 0 else { return [] }
    return ["security.capability", "user.a", "user.\u{E9}"].map { name in
      ExtendedAttribute(name: Array(name.utf8), value: bytes(.random(in: 0...300, using: &dice), &dice))
    }
  }

  private func write(_ tree: Tree, _ compression: OutputCompression = .none) throws(ArchiveError) -> [UInt8] {
    try written(compression) { writer throws(ArchiveError) in
      for (entry, content) in tree { try writer.add(entry, content: content) }
    }.bytes
  }

  @Test(
    "B6: what is written is read back, entry for entry and byte for byte", arguments: 0..<25 as Range<UInt64>)
  func roundTrip(_ seed: UInt64) throws {
    let tree = try tree(seed)
    let compression = [OutputCompression.none, .gzip(), .xz(), .zstd(), .bzip2()][Int(seed % 5)]
    var reader = try ArchiveReader(ByteSource(try write(tree, compression)))
    _ = (try reader.next(), try reader.next())
    for (entry, content) in tree {
      let found = try #require(try reader.next())
      #expect(found == entry, "seed \(seed)")
      if entry.kind == .regular { #expect(try reader.content(of: found, limit: 1 << 20) == content) }
    }
    #expect(try reader.next() == nil)
    try #expect(write(tree, compression) == write(tree, compression))
  }

  @Test("GNU tar and bsdtar list what is written as we do", arguments: 0..<10 as Range<UInt64>)
  func listed(_ seed: UInt64) throws {
    // What a line of text can tell.
    let bounds = Bounds(letters: Array("abcdefgh-. ".utf8), times: 0...(1 << 33))
    let tree = try tree(seed, bounds)
    let names =
      ["manifest", "rootfs/"].map { Array($0.utf8) }
      + tree.map { $0.entry.path.bytes + ($0.entry.kind == .directory ? [slash] : []) }
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(try write(tree), to: "image.aci")
      for program in ["tar --quoting-style=literal", "bsdtar"] where try isInstalled(program) {
        let listed = try run(["sh", "-c", "LC_ALL=C \(program) -tf '\(file)'"])
        #expect(listed.status == 0)
        #expect(listed.output.split(separator: 0x0A).map(Array.init) == names, "\(program), seed \(seed)")
      }
    }
  }

  @Test(
    "GNU tar and bsdtar extract what is written as it is meant", .enabled(if: geteuid() == 0),
    arguments: 0..<6 as Range<UInt64>, ["tar --delay-directory-restore", "bsdtar --numeric-owner"])
  func extracted(_ seed: UInt64, _ program: String) throws {
    guard try isInstalled(program) else { return }
    // GNU tar leaves the setgid bit where a directory's own inherits it.
    let bounds = Bounds(
      letters: Array("abcdefgh-. ".utf8), times: 0...(1 << 33), modes: 0...0o1777,
      kinds: [.regular, .directory, .symbolicLink, .hardLink, .fifo], hasAttributes: false)
    let tree = try tree(seed, bounds)
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(try write(tree), to: "image.aci")
      let command = "LC_ALL=C \(program) -xpf '\(file)' -C '\(directory.path)' 2> /dev/null"
      try #expect(run(["sh", "-c", command]).status == 0, "\(command)")
      for (entry, content) in tree where entry.kind != .hardLink {
        let place = FilePath(directory.path.string + "/" + String(decoding: entry.path.bytes, as: UTF8.self))
        let status = try FileStatus(place)
        #expect(status.uid == entry.uid && status.gid == entry.gid, "\(program): \(entry.path)")
        if entry.kind == .regular { try #expect(read(place) == content, "\(program): \(entry.path)") }
        guard entry.kind != .symbolicLink else { continue }
        #expect(status.mode & 0o7777 == UInt32(entry.mode), "\(program): \(entry.path)")
        #expect(status.modified == entry.modified, "\(program): \(entry.path)")
      }
    }
  }

  private func isInstalled(_ command: String) throws -> Bool {
    try run(["sh", "-c", "command -v \(command.prefix { $0 != " " }) > /dev/null"]).status == 0
  }

  @Test("a sparse file of more than 8 GiB is written by its runs, and read, listed and extracted as that")
  func hugeSparse() throws {
    let size: Int64 = 10 << 30
    let runs = [(Int64(0), "beginning"), (9 << 30, "late"), (size - 3, "end")]
    try TemporaryDirectory.with(.memory) { directory in
      let file = try FileDescriptor.open(
        directory.appending("sparse"), .readWrite, options: .create, permissions: .ownerReadWrite)
      defer { try? file.close() }
      for (offset, text) in runs { _ = try file.writeAll(toAbsoluteOffset: offset, text.utf8) }
      let segments = runs.map { SparseMap.Segment(offset: $0.0, length: Int64($0.1.utf8.count)) }
      var entry = ArchiveEntry(path: try path("rootfs/sparse"), kind: .regular, mode: 0o644, size: size)
      entry.sparseMap = try SparseMap(segments, size: size)
      let bytes = try written(.zstd()) { writer throws(ArchiveError) in
        try writer.add(entry, contentOf: file)
      }.bytes
      #expect(bytes.count < 1000)
      entry.sparseMap = try entry.sparseMap?.inBlocks(size: size)
      try #expect(entries(of: bytes).last == entry)
      let image = try directory.write(bytes, to: "image.aci")
      let listed = try run(["sh", "-c", "zstd -dc '\(image)' | tar -tvf - | grep -c ' \(size) '"])
      #expect(listed.output == Array("1\n".utf8))
      _ = try Archive.extract(
        ByteSource(bytes), into: directory.appending("out"), extraction: .init(ownership: .caller))
      try #require(run(["sh", "-c", "zstd -dc '\(image)' | tar -xf - -C '\(directory.path)'"]).status == 0)
      for parent in ["out/rootfs", "rootfs"] {
        let made = directory.path.pushing(FilePath(parent)).appending("sparse")
        #expect(try FileStatus(made).size == Int(size) && FileStatus(made).blocks < 1000)
        let copy = try FileDescriptor.open(made, .readOnly)
        try copy.closeAfter {
          for (offset, text) in runs {
            var found = [UInt8](repeating: 0, count: text.utf8.count)
            _ = try found.withUnsafeMutableBytes { try copy.read(fromAbsoluteOffset: offset, into: $0) }
            #expect(found == Array(text.utf8), "\(parent) at \(offset)")
          }
        }
      }
    }
  }

  @Test("runs of sparse files are widened to whole blocks, and those that touch become one")
  func blocks() throws {
    func blocks(_ runs: [(Int64, Int64)], _ size: Int64) throws -> [[Int64]] {
      let map = try SparseMap(runs.map { SparseMap.Segment(offset: $0.0, length: $0.1) }, size: size)
      return try map.inBlocks(size: size).segments.map { [$0.offset, $0.length] }
    }
    try #expect(blocks([(0, 512), (1024, 512)], 4096) == [[0, 512], [1024, 512]])
    try #expect(blocks([(1, 1), (600, 1), (2000, 1)], 2100) == [[0, 1024], [1536, 512]])
    try #expect(blocks([(1, 1), (2000, 80)], 2090) == [[0, 512], [1536, 554]])
    try #expect(blocks([(.max - 3, 2)], .max).last.map { $0[0] + $0[1] } == .max)
    try #expect(blocks([], 10) == [])
  }

  @Test("sizes that ustar cannot say are read as written")
  func sizes() throws {
    for size in [0o77777777777, 0o77777777777 + 1, 60 << 30] as [Int64] {
      let entry = ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0o644, size: size)
      // No more than the header: the content does not matter here.
      let header = try TarEncoder.header(of: entry)
      let beginning = try written().bytes.dropLast(1024) + header
      var reader = try ArchiveReader(ByteSource(Array(beginning)))
      _ = (try reader.next(), try reader.next())
      #expect(try reader.next() == entry)
    }
  }

  @Test("GNU tar keeps our extended attributes")
  func attributesByOthers() throws {
    var entry = ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0o644)
    entry.xattrs = [ExtendedAttribute(name: Array("user.note".utf8), value: [0, 0x0A, 0xFF, 0x3D])]
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(try write([(entry, [])]), to: "image.aci")
      let command = "tar --xattrs --xattrs-include='user.*' -xf '\(file)' -C '\(directory.path)'"
      try #require(run(["sh", "-c", command]).status == 0)
      let made = try FileDescriptor.open(directory.appending("rootfs/f"), .readOnly)
      try made.closeAfter {
        var value = [UInt8](repeating: 0, count: 64)
        let count = value.withUnsafeMutableBytes {
          appc_fgetxattr(made.rawValue, "user.note", $0.baseAddress, $0.count)
        }
        #expect(count == 4 && Array(value.prefix(4)) == entry.xattrs[0].value)
      }
    }
  }
}
