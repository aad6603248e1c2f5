import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("An image that is refused leaves nothing")
struct HostileImageTests {
  static let good = TestImage("ex/a", files: ["bin/app": String(repeating: "x", count: 4000)])

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]) {
      testDescription = description
      self.bytes = bytes
    }

    init(_ description: String, adding entries: RawTar.Entry...) {
      var image = HostileImageTests.good
      image.entries += entries
      self.init(description, image.bytes)
    }
  }

  static let cases: [Case] = [
    Case("nothing", []),
    Case("text", Array("hello".utf8)),
    Case("a tar cut short", Array(good.bytes.dropLast(3000))),
    Case("a gzip stream cut short", Array(good.gzipped.dropLast(9))),
    Case("a gzip stream with a wrong checksum", wrongChecksum(good.gzipped)),
    Case("no manifest", RawTar(good.entries).bytes),
    Case("no rootfs", TestImage(manifest: good.manifest, entries: []).bytes),
    Case("a manifest that is none", TestImage(manifest: Array("{}".utf8), entries: good.entries).bytes),
    Case("a stranger at the top", adding: .file("README")),
    Case("rootfs-evil", adding: .file("rootfs-evil/a")),
    Case("a path that climbs out", adding: .file("rootfs/../../etc/passwd", "x")),
    Case("an absolute path", adding: .file("/rootfs/a", "x")),
    Case("the same file twice", adding: .file("rootfs/bin/app", "y")),
    Case("a file below a file", adding: .file("rootfs/bin/app/x", "y")),
    Case("a hard link out of the image", adding: .hardLink("rootfs/l", to: "/etc/passwd")),
    Case(
      "a file below a symbolic link", adding: .symbolicLink("rootfs/l", to: "/etc"), .file("rootfs/l/x", "y")),
    Case("a header with a wrong checksum", adding: .init("rootfs/z", hasValidChecksum: false)),
  ]

  /// The last eight bytes are checksum and length.
  private static func wrongChecksum(_ stream: [UInt8]) -> [UInt8] {
    var stream = stream
    stream[stream.count - 8] ^= 1
    return stream
  }

  @Test("whatever is wrong with it, with one line that says what", arguments: cases)
  func refused(_ bad: Case) throws {
    try TestStore.with { store, directory in
      let kept = try store.importImage(TestImage("ex/kept").bytes).record
      let before = try directory.contents()
      let error = #expect(throws: StoreError.self) { try store.importImage(bad.bytes) }
      #expect(error?.code == .refused, "\(error.map { "\($0)" } ?? "accepted")")
      #expect(error?.description.contains("\n") == false)
      #expect(try directory.contents() == before)
      #expect(try store.images() == [kept])
    }
  }

  @Test("an image other than the one expected is refused")
  func unexpected() throws {
    try TestStore.with { store, _ in
      let other = try #require(ImageID(digest: [UInt8](repeating: 1, count: 64)))
      let options = ImportOptions(expectedID: other)
      #expect(throws: StoreError.self) { try store.importImage(Self.good.bytes, options: options) }
      #expect(try store.imageIDs() == [])
    }
  }

  @Test("a pipe whose writer goes away in the middle is a truncated image", .timeLimit(.minutes(1)))
  func pipe() throws {
    try TestStore.with { store, _ in
      let (reader, writer) = try FileDescriptor.pipe()
      _ = try writer.writeAll(Self.good.bytes.prefix(2000))
      try writer.close()
      defer { try? reader.close() }
      #expect(throws: StoreError.self) { try store.importImage(from: reader) }
      #expect(try store.imageIDs() == [])
    }
  }

  @Test(
    "a pipe, a directory or nothing in the place of an image file is refused at once", .timeLimit(.minutes(1))
  )
  func noFile() throws {
    try TestStore.with { store, directory in
      let fifo = directory.appending("fifo")
      _ = fifo.withPlatformString { mkfifo($0, 0o600) }
      for path in [fifo, directory.path, directory.appending("gone")] {
        #expect(throws: StoreError.self) { try store.importImage(from: path) }
      }
    }
  }
}
