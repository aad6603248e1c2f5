import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

/// What GNU tar and we make of each other's archives.
struct InteroperabilityTests {
  /// Makes a tree with a sparse file, and gives `body` the directory that holds it as "tree".
  private func withTree(_ body: (TemporaryDirectory, _ content: [UInt8]) throws -> Void) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let long = String(repeating: "long", count: 40)
      try directory.write(plainManifest, to: "tree/manifest")
      try directory.write("content", to: "tree/rootfs/\(long)/\(long)")
      var content = [UInt8](repeating: 0, count: 3_000_000)
      for index in stride(from: 0, to: content.count, by: 1_000_000) { content[index] = 7 }
      let sparse = try directory.write([], to: "tree/rootfs/sparse")
      let file = try FileDescriptor.open(sparse, .writeOnly)
      try file.closeAfter {
        for index in content.indices where content[index] != 0 {
          try file.writeAll(toAbsoluteOffset: Int64(index), [content[index]])
        }
        try file.resize(to: Int64(content.count))
      }
      try body(directory, content)
    }
  }

  @Test(
    "GNU tar's formats, sparse and not, are read and extracted",
    arguments: [
      "--format=gnu", "--format=gnu --sparse", "--format=oldgnu --sparse", "--format=posix",
      "--format=posix --sparse --sparse-version=0.0", "--format=posix --sparse --sparse-version=0.1",
      "--format=posix --sparse --sparse-version=1.0",
    ])
  func reads(_ options: String) throws {
    try withTree { directory, content in
      let tree = directory.appending("tree").string
      let archive = directory.appending("image").string
      for members in [["."], ["manifest", "rootfs"]] {
        let command =
          ["tar", "-C", tree, "-cf", archive] + options.split(separator: " ").map(String.init) + members
        try #require(try run(command).status == 0)
        let out = directory.appending("out")
        let extraction = ExtractionOptions(ownership: .caller)
        _ = try Archive.extract(ByteSource(opening: FilePath(archive)), into: out, extraction: extraction)
        try #expect(read(out.appending("rootfs").appending("sparse")) == content)
        if options.contains("sparse") {
          try #expect(FileStatus(out.appending("rootfs").appending("sparse")).blocks < 1000)
        }
        try #require(try run(["rm", "-rf", out.string]).status == 0)
      }
    }
  }

  @Test("GNU tar extracts our sparse files, long names and attributes as they are")
  func isRead() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let long = String(repeating: "long", count: 40)
      var content = [UInt8](repeating: 0, count: 1_000_000)
      content[500_000] = 1
      let map = try SparseMap([.init(offset: 499_712, length: 512)], size: 1_000_000)
      let bytes = try written(.gzip()) { writer throws(ArchiveError) in
        try writer.add(
          ArchiveEntry(
            path: try path("rootfs/\(long)"), kind: .regular, mode: 0o644, size: 1_000_000,
            modified: FileTime(seconds: 5, nanoseconds: 500_000_000), sparseMap: map), content: content)
      }.bytes
      try directory.write(bytes, to: "image")
      let command = ["tar", "-C", directory.path.string, "-xzf", directory.appending("image").string]
      try #require(try run(command).status == 0)
      let file = directory.appending("rootfs").appending(long)
      try #expect(read(file) == content)
      try #expect(FileStatus(file).modified == FileTime(seconds: 5, nanoseconds: 500_000_000))
      try #expect(FileStatus(file).blocks < 1000)
    }
  }
}
