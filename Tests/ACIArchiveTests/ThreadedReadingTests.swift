import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import Synchronization
import SystemPackage
import Testing

/// What threads read, hash and write is what one thread would.
@Suite struct ThreadedReadingTests {
  @Test("an image has the same ID and entries from memory, from a file, from a pipe and compressed")
  func sameFromEverywhere() throws {
    let bytes = LargeImages.mixed
    let expected = try digest(of: bytes)
    let gzipped = LargeImages.mixedZipped
    try TemporaryDirectory.with(.memory) { directory in
      let plain = try directory.write(bytes, to: "plain.aci")
      let zipped = try directory.write(gzipped, to: "zipped.aci")
      var ids = [
        try Archive.inspect(ByteSource(bytes)).imageID, try Archive.inspect(ByteSource(gzipped)).imageID,
      ]
      for file in [plain, zipped] {
        ids.append(try Archive.inspect(ByteSource(opening: file)).imageID)
        ids.append(try FilledPipe.with(contentOf: file) { try Archive.inspect(ByteSource($0)).imageID })
      }
      #expect(ids.allSatisfy { $0 == expected })
    }
  }

  @Test("the sink sees every byte once and in order")
  func sink() throws {
    let seen = Mutex<[UInt8]>([])
    let bytes = LargeImages.mixed
    var reader = try ArchiveReader(
      ByteSource(StoredGzip.member(bytes)), options: .init(sink: { piece in seen.withLock { $0 += piece } }))
    _ = try reader.finish()
    #expect(seen.withLock { $0 == bytes })
  }

  @Test("progress grows to all bytes of the source, and to all bytes of the stream")
  func progress() throws {
    let stored = LargeImages.mixedZipped
    let steps = Mutex<[ArchiveProgress]>([])
    var reader = try ArchiveReader(
      ByteSource(stored), options: .init(progress: { step in steps.withLock { $0.append(step) } }))
    _ = try reader.finish()
    let seen = steps.withLock { $0 }
    #expect(seen.count > 10)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.storedBytes <= $1.storedBytes })
    #expect(seen.allSatisfy { $0.totalStoredBytes == Int64(stored.count) })
    #expect(seen.last?.expandedBytes == Int64(LargeImages.mixed.count))
  }

  @Test("whoever stops at any block gets what was thrown, and no thread goes on", arguments: [1, 2, 6, 20])
  func stopped(step: Int) throws {
    struct Enough: Error {}
    let steps = Mutex(0)
    let error = #expect(throws: ArchiveError.self) {
      var reader = try ArchiveReader(
        ByteSource(LargeImages.mixedZipped),
        options: .init(progress: { _ in
          if steps.withLock({
            $0 += 1; return $0 == step
          }) {
            throw Enough()
          }
        }))
      _ = try reader.finish()
    }
    #expect(error?.code == .stopped)
    #expect(error?.cause is Enough)
  }

  @Test(
    "damage far inside of a large image is found by whoever reads it, hashed or not",
    arguments: [true, false])
  func damage(hashing: Bool) throws {
    var stored = LargeImages.mixedZipped
    stored[stored.count - 1_000_000] ^= 1
    let error = #expect(throws: ArchiveError.self) {
      var reader = try ArchiveReader(ByteSource(stored), options: .init(hashing: hashing))
      try reader.drain()
    }
    #expect(error?.code == .damaged)
  }

  @Test("a refused image is not waited for while its pipe stays open")
  func openPipe() throws {
    let pipe = try FileDescriptor.pipe()
    defer { for end in [pipe.readEnd, pipe.writeEnd] { try? end.close() } }
    let bad = image(.file("README", "not allowed"))
    try pipe.writeEnd.writeAll(bad + [UInt8](repeating: 0, count: 10_240))
    let setSize: CInt = 1031  // F_SETPIPE_SZ, which Glibc's module lacks
    #expect(fcntl(pipe.writeEnd.rawValue, setSize, 1 << 20) > 0)
    // Whole blocks are read, so it takes a block for the reader to look.
    try pipe.writeEnd.writeAll([UInt8](repeating: 0, count: 300 << 10))
    let error = #expect(throws: ArchiveError.self) { try Archive.inspect(ByteSource(pipe.readEnd)) }
    #expect(error?.code == .invalidLayout)
  }

  @Test("content of an uncompressed file that nobody asks for is not read")
  func skipping() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let bytes = LargeImages.oneFile(8 << 20)
      let file = try directory.write(bytes, to: "image.aci")
      let read = Mutex(0)
      var reader = try ArchiveReader(
        ByteSource(opening: file),
        options: .init(hashing: false, progress: { _ in read.withLock { $0 += 1 } }))
      var names: [String] = []
      while let entry = try reader.next() { names.append("\(entry.path)") }
      #expect(names == ["manifest", "rootfs", "rootfs/big", "rootfs/last"])
      #expect(read.withLock { $0 } <= 3)
      // And its loss is still found.
      #expect(truncate("\(file)", off_t(bytes.count - (4 << 20))) == 0)
      #expect(throws: ArchiveError.self) {
        var reader = try ArchiveReader(ByteSource(opening: file), options: .init(hashing: false))
        try reader.drain()
      }
    }
  }
}

/// SHA-512 of bytes, on this thread.
private func digest(of bytes: [UInt8]) throws -> ImageID {
  var digest = try ImageDigest()
  try bytes.withUnsafeBytes { try digest.update($0) }
  return try digest.finish()
}

/// A pipe that a program fills.
enum FilledPipe {
  static func with<Value>(
    contentOf file: FilePath, _ body: (FileDescriptor) throws -> Value
  ) throws -> Value {
    guard let stream = popen("exec cat '\(file)'", "r") else { throw Errno(rawValue: errno) }
    defer { pclose(stream) }
    return try body(FileDescriptor(rawValue: fileno(stream)))
  }
}
