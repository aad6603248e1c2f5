import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

/// Trees as deep as paths may be long: each level must not cost what all levels above it cost.
@Suite("Deep trees")
struct DeepTreeTests {
  /// An image with a directory in a directory, and so on, each with an entry of its own, and a file in the last.
  private static func image(levels: Int) throws -> [UInt8] {
    var limits = ArchiveLimits.default
    limits.depth = levels + 2
    limits.pathBytes = levels * 2 + 8
    limits.namesBytes = .max
    var writer = try ArchiveWriter(options: .init(compression: .none, limits: limits))
    try writer.addManifest(TestImage("example.com/deep").manifest)
    var path = ArchivePath.rootfs
    try writer.add(ArchiveEntry(path: path, kind: .directory, mode: 0o755))
    for _ in 0..<levels {
      path = try path.appending("d".utf8)
      try writer.add(ArchiveEntry(path: path, kind: .directory, mode: 0o755))
    }
    try writer.add(ArchiveEntry(path: path.appending("f".utf8), kind: .regular, mode: 0o644))
    return try writer.finish().bytes
  }

  @Test("are refused by their depth unless it is raised")
  func refused() throws {
    let image = try Self.image(levels: 3000)
    let error = #expect(throws: ArchiveError.self) { try Archive.inspect(ByteSource(image)) }
    #expect(error?.code == .limitExceeded)
  }

  @Test(
    "are extracted and removed in good time, whatever their depth",
    .enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
  func extracted() throws {
    let image = try Self.image(levels: 1000)
    var limits = ArchiveLimits.default
    limits.depth = 2000
    try TemporaryDirectory.with(.memory) { directory in
      let target = directory.appending("out")
      let report = try Archive.extract(ByteSource(image), into: target, options: .init(limits: limits)).report
      #expect(report.created == 1003)
      let parent = try FileDescriptor.open(directory.path, .readOnly)
      try parent.closeAfter { try TreeRemoval.remove("out", in: parent.rawValue) }
      #expect(try directory.contents() == [])
    }
  }
}
