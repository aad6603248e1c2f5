import ACIArchive
import AppcTesting
import Glibc
import Synchronization
import SystemPackage
import Testing

/// Files are the same however many threads make them, and errors of any thread reach the caller.
@Suite struct ThreadedExtractionTests {
  @Test("a tree is the same with any number of threads, from a file, from memory and compressed")
  func sameTree() throws {
    let bytes = LargeImages.mixed
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(bytes, to: "image.aci")
      let zipped = try directory.write(LargeImages.mixedZipped, to: "zipped.aci")
      _ = try Archive.extract(
        ByteSource(bytes), into: directory.appending("one"), extraction: .init(workers: 1))
      let expected = try listing(of: directory.appending("one"))
      #expect(expected.split(separator: "\n").count > 450)
      for (number, workers) in [nil, 2, 8].enumerated() {
        for (kind, source) in ["file": file, "zipped": zipped] {
          for hashing in [true, false] {
            let target = directory.appending("\(kind)-\(number)-\(hashing)")
            let (summary, report) = try Archive.extract(
              try ByteSource(opening: source), into: target, options: .init(hashing: hashing),
              extraction: .init(workers: workers))
            #expect((summary != nil) == hashing)
            #expect(report.created == 2 + 400 + 2 * 37 + 23)
            try #expect(listing(of: target) == expected)
          }
        }
      }
    }
  }

  @Test("a file of any size around the borders of blocks is written whole")
  func sizes() throws {
    try TemporaryDirectory.with(.memory) { directory in
      for size in [0, 1, 511, 512, 513, 262_143, 262_144, 262_145, 524_288, 1_100_000] {
        let bytes = LargeImages.oneFile(size)
        let file = try directory.write(bytes, to: "\(size).aci")
        for (kind, hashing) in [("hashed", true), ("plain", false)] {
          let target = directory.appending("\(size)-\(kind)")
          _ = try Archive.extract(ByteSource(opening: file), into: target, options: .init(hashing: hashing))
          let content = try read(target.appending("rootfs/big"))
          #expect(content.count == size)
          #expect(content[...] == bytes[1536 + 512..<1536 + 512 + size])
          try #expect(read(target.appending("rootfs/last")) == Array("end".utf8))
        }
      }
    }
  }

  @Test("an error of a thread ends the extraction and leaves nothing")
  func threadFails() throws {
    try TemporaryDirectory.with(.memory) { directory in
      // Beneath a file, which only the thread that makes the file finds out: the rules are not asked here.
      let root = try FileDescriptor.open(directory.path, .readOnly, options: .directory)
      defer { try? root.close() }
      var reader = try ArchiveReader(ByteSource(LargeImages.mixed))
      let error = #expect(throws: ArchiveError.self) {
        var extractor = try Extractor(into: root, options: .init(ownership: .caller, workers: 4))
        for number in 0..<10_000 {
          let entry = ArchiveEntry(path: try path("rootfs/f\(number % 9000)"), kind: .fifo, mode: 0o644)
          try extractor.extract(entry, content: &reader)
        }
        _ = try extractor.finish()
      }
      #expect(error?.errno == .fileExists)
      #expect("\(try #require(error))".contains("rootfs/f"))
    }
  }

  @Test(
    "an image that ends too early in a large file is refused, and leaves nothing", arguments: [true, false])
  func truncated(hashing: Bool) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let bytes = LargeImages.oneFile(3 << 20)
      let file = try directory.write(Array(bytes.prefix(2 << 20)), to: "image.aci")
      let error = #expect(throws: ArchiveError.self) {
        try Archive.extract(
          ByteSource(opening: file), into: directory.appending("out"), options: .init(hashing: hashing),
          extraction: .init(ownership: .caller))
      }
      #expect(error?.code == .truncated)
      try #expect(directory.names() == ["image.aci"])
    }
  }

  @Test("whoever stops an extraction at any block finds nothing left", arguments: [1, 2, 5, 12])
  func stopped(step: Int) throws {
    struct Enough: Error {}
    let steps = Mutex(0)
    try TemporaryDirectory.with(.memory) { directory in
      let error = #expect(throws: ArchiveError.self) {
        try Archive.extract(
          ByteSource(LargeImages.mixed), into: directory.appending("out"),
          options: .init(progress: { _ in
            if steps.withLock({
              $0 += 1; return $0 == step
            }) {
              throw Enough()
            }
          }), extraction: .init(ownership: .caller))
      }
      #expect(error?.code == .stopped)
      try #expect(directory.names().isEmpty)
    }
  }

  @Test(
    "small files that each keep another block do not keep the reader from going on", .timeLimit(.minutes(1)))
  func smallBetweenLarge() throws {
    var content = PatternBytes()
    var entries: [RawTar.Entry] = []
    for number in 0..<60 {
      entries.append(.file("rootfs/small\(number)", "x"))
      entries.append(RawTar.Entry("rootfs/large\(number)", content: content.bytes(300_000)))
    }
    let bytes = RawTar(
      [RawTar.Entry("manifest", content: plainManifest), .directory("rootfs")] + entries
    ).bytes
    try withExtracted(bytes, .init(ownership: .caller, workers: 2)) { target, report in
      #expect(report.created == 122)
      try #expect(FileStatus(target.appending("rootfs/large59")).size == 300_000)
    }
  }

  @Test("an error while every block waits for a thread reaches the reader", .timeLimit(.minutes(1)))
  func failsUnderLoad() throws {
    var entries: [RawTar.Entry] = []
    let content = [UInt8](repeating: 1, count: 200_000)
    for number in 0..<100 { entries.append(.symbolicLink("rootfs/l\(number)", to: "x")) }
    for number in 0..<150 { entries.append(RawTar.Entry("rootfs/f\(number)", content: content)) }
    let bytes = RawTar(
      [RawTar.Entry("manifest", content: plainManifest), .directory("rootfs")] + entries
    ).bytes
    try TemporaryDirectory.with(.memory) { directory in
      let root = try FileDescriptor.open(directory.path, .readOnly, options: .directory)
      defer { try? root.close() }
      let error = #expect(throws: ArchiveError.self) {
        var reader = try ArchiveReader(ByteSource(bytes))
        var extractor = try Extractor(into: root, options: .init(ownership: .caller, workers: 2))
        while let entry = try reader.next() {
          guard entry.kind != .directory, entry.path != .manifest else { continue }
          try extractor.extract(entry, at: path("new/\(entry.path)"), content: &reader)
          // Twice the same name: a thread finds out while the reader goes on.
          guard entry.path == (try path("rootfs/l99")) else { continue }
          try extractor.extract(entry, at: path("new/rootfs/l98"), content: &reader)
        }
        _ = try extractor.finish()
      }
      #expect(error?.errno == .fileExists)
    }
  }

  @Test("hard links by the thousand are made, those to files still under way too")
  func manyHardLinks() throws {
    var entries: [RawTar.Entry] = []
    for number in 0..<5000 {
      entries.append(.file("rootfs/f\(number)", "\(number)"))
      entries.append(.hardLink("rootfs/h\(number)", to: "rootfs/f\(number)"))
    }
    let bytes = RawTar(
      [RawTar.Entry("manifest", content: plainManifest), .directory("rootfs")] + entries
    ).bytes
    try withExtracted(bytes, .init(ownership: .caller)) { target, report in
      #expect(report.created == 10_002)
      for number in [0, 2047, 4095, 4096, 4999] {
        let file = try FileStatus(target.appending("rootfs/f\(number)"))
        try #expect(FileStatus(target.appending("rootfs/h\(number)")).inode == file.inode)
        #expect(file.links == 2)
      }
    }
  }
}

/// A line for everything in a tree: path, type and mode, owner, time, links, and content or target.
private func listing(of root: FilePath) throws -> String {
  // One program for a whole tree: the tests' own reading of it would be as long as what they test.
  let format = #"%P %y %m %U:%G %T@ %n %l\n"#
  let found = try run([
    "sh", "-c",
    "cd \"$1\" && find . -mindepth 1 -printf '\(format)' | sort && find . -type f -exec sha256sum {} + | sort",
    "sh", root.string,
  ])
  guard found.status == 0 else { throw Errno.ioError }
  return String(decoding: found.output, as: UTF8.self)
}
