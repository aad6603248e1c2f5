import ACIArchive
import AppcTesting
import SystemPackage
import Testing

@testable import ACIStore

@Suite("The listing of a tree")
struct TreeListingTests {
  static let digest = [UInt8](0..<32)
  static let metadata = ListedFile.Metadata(
    mode: 0o4755, uid: 0, gid: UInt32.max - 1, modified: FileTime(seconds: -2, nanoseconds: 5))

  static let files: [ListedFile] = [
    ListedFile(path: [], kind: .directory, metadata: metadata),
    ListedFile(path: Array("etc".utf8), kind: .directory, metadata: metadata),
    ListedFile(path: Array("etc/motd".utf8), kind: .regular(size: 6, digest: digest), metadata: metadata),
    ListedFile(
      path: Array("a b#=\\*?[\n\t".utf8), kind: .regular(size: 0, digest: digest), metadata: metadata),
    ListedFile(
      path: (1...255).map { UInt8($0) }, kind: .symbolicLink((1...255).map { UInt8($0) }), metadata: metadata),
    ListedFile(path: Array("-".utf8), kind: .symbolicLink([]), metadata: metadata),
    ListedFile(path: Array("p".utf8), kind: .fifo, metadata: metadata),
    ListedFile(path: Array("c".utf8), kind: .characterDevice, metadata: metadata),
    ListedFile(path: Array("d".utf8), kind: .blockDevice, metadata: metadata),
    ListedFile(
      path: Array("link name".utf8), kind: .hardLink(Array("etc/motd".utf8)),
      metadata: .init(mode: 0, uid: 0, gid: 0, modified: .epoch)),
  ]

  @Test("is mtree(5): one line for a file, names escaped as vis(3) does, times with nine digits")
  func format() {
    var text: [UInt8] = []
    for index in [2, 3, 9] { TreeListing.append(Self.files[index], to: &text) }
    let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    let rest = "type=file mode=04755 uid=0 gid=4294967294 time=-2.000000005"
    #expect(
      String(decoding: text, as: UTF8.self) == """
        ./etc/motd \(rest) size=6 sha256digest=\(digits)
        ./a\\040b\\043\\075\\134\\052\\077\\133\\012\\011 \(rest) size=0 sha256digest=\(digits)
        #hard link to ./etc/motd
        ./link\\040name type=file

        """)
  }

  @Test("what is written is read back, whatever the bytes, and has the digest that was told")
  func roundTrip() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let listing = try write(Self.files, to: directory.appending("l"))
      var reader = try TreeListingReader(try open(directory.appending("l")))
      var read: [ListedFile] = []
      while let file = try reader.next() { read.append(file) }
      #expect(read == Self.files)
      #expect(try reader.finish() == listing.sha512)
      #expect(listing.entries == Self.files.count)
    }
  }

  @Test("threads that add at once leave whole lines, and more than a buffer of them is read back")
  func threads() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let file = directory.appending("l")
      let writer = try TreeListingWriter(in: try create(file))
      _ = try await inParallel(4) { thread in
        for index in 0..<1000 {
          let path = Array("\(thread)/\(String(repeating: "x", count: index % 200))/\(index)".utf8)
          try writer.append([
            ListedFile(path: path, kind: .regular(size: 1, digest: Self.digest), metadata: Self.metadata)
          ])
        }
      }
      let listing = try writer.finish()
      #expect(listing.entries == 4000)
      var reader = try TreeListingReader(try open(file))
      var paths: Set<[UInt8]> = []
      while let file = try reader.next() { paths.insert(file.path) }
      #expect(paths.count == 4000)
      #expect(try reader.finish() == listing.sha512)
    }
  }

  @Test(
    "anything else is not read as a listing",
    arguments: [
      "./a", "./a type=file", "a type=dir mode=0755 uid=0 gid=0 time=0.000000000",
      "./a type=dir mode=0755 uid=0 gid=0 time=0.0", "./a type=dir mode=0799 uid=0 gid=0 time=0.000000000",
      "./a type=dir mode=0755 uid=-1 gid=0 time=0.000000000",
      "./a type=dir mode=0755 uid=+5 gid=0 time=0.000000000",
      "./a type=dir mode=+755 uid=0 gid=0 time=0.000000000",
      "./a type=dir mode=0755 uid=0 gid=0 time=+1.000000000",
      "./a type=dir mode=0755 uid=0 gid=0 time=--1.000000000",
      "./a type=dir mode=0755 uid=0 gid=0 time=0.+00000000",
      "./a type=dir mode=0755 uid= gid=0 time=0.000000000",
      "./a type=dir mode=0755 uid=0 gid=0 time=0.000000000 size=1",
      "./a type=socket mode=0755 uid=0 gid=0 time=0.000000000",
      "./a\\000 type=fifo mode=0755 uid=0 gid=0 time=0.000000000",
      "./a\\48 type=fifo mode=0755 uid=0 gid=0 time=0.000000000",
      "./a\\777 type=fifo mode=0755 uid=0 gid=0 time=0.000000000",
      "./ type=fifo mode=0755 uid=0 gid=0 time=0.000000000",
      "./a type=file mode=0755 uid=0 gid=0 time=0.000000000 size=-1 sha256digest="
        + String(repeating: "0", count: 64),
      "./a type=file mode=0755 uid=0 gid=0 time=0.000000000 size=1 sha256digest=0",
      "./a type=link mode=0755 uid=0 gid=0 time=0.000000000",
      "#hard link to ./a\n./b type=dir", "#hard link to ./a", "", "./a\u{0} type=dir",
    ])
  func malformed(_ text: String) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(Array("#mtree\n\(text)\n".utf8), to: "l")
      var reader = try TreeListingReader(try open(file))
      let error = #expect(throws: TreeListingReader.Failure.self) { while try reader.next() != nil {} }
      guard case .malformed = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
  }

  @Test("a line without its end, or one that never ends, is no listing", arguments: [10, 1 << 20])
  func unfinished(_ length: Int) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write([UInt8](repeating: UInt8(ascii: "x"), count: length), to: "l")
      var reader = try TreeListingReader(try open(file))
      #expect(throws: TreeListingReader.Failure.self) { _ = try reader.next() }
    }
  }

  private func write(_ files: [ListedFile], to path: FilePath) throws -> TreeDigest.Listing {
    let writer = try TreeListingWriter(in: try create(path))
    try writer.append(files)
    return try writer.finish()
  }

  private func create(_ path: FilePath) throws -> OwnedDescriptor {
    try Kernel.createFile(Kernel.workingDirectory, path)
  }

  private func open(_ path: FilePath) throws -> OwnedDescriptor {
    try Kernel.openToRead(Kernel.workingDirectory, path)
  }
}
