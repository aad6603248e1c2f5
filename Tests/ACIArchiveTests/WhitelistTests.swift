import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIArchive

/// What a whitelist leaves of an image (G4, G5).
struct WhitelistTests {
  private let whole = image(
    .directory("rootfs/etc"), .file("rootfs/etc/passwd", "root"), .file("rootfs/etc/shadow", "secret"),
    .directory("rootfs/usr"), .directory("rootfs/usr/bin"), .file("rootfs/usr/bin/tool", "tool"),
    .hardLink("rootfs/usr/bin/alias", to: "rootfs/usr/bin/tool"),
    .hardLink("rootfs/usr/bin/third", to: "rootfs/usr/bin/alias"), .directory("rootfs/empty"),
    .symbolicLink("rootfs/etc/link", to: "../usr"), .hardLink("rootfs/etc/link2", to: "rootfs/etc/link"),
    .file("rootfs/unlisted/deep/file", "deep"))

  private func paths(_ list: [String]) throws -> Set<ArchivePath> {
    Set(try list.map { text throws(ArchiveError) in try path("rootfs/" + text) })
  }

  /// Extracts and gives what there is: names, and the contents of files and links.
  private func extracted(
    _ list: [String], _ source: consuming ByteSource? = nil, workers: Int? = nil, hashing: Bool = true
  ) throws -> (tree: [String], report: ExtractionReport) {
    var source = source
    return try TemporaryDirectory.with(.memory) { directory in
      let out = directory.appending("out")
      let options = ExtractionOptions(ownership: .caller, workers: workers, whitelist: try paths(list))
      let (summary, report) = try Archive.extract(
        source.take() ?? ByteSource(whole), into: out, options: .init(hashing: hashing), extraction: options)
      if hashing { try #expect(summary?.imageID == Archive.inspect(ByteSource(whole)).imageID) }
      let script = """
        cd '\(out)/rootfs' && find . -mindepth 1 | sort | while read -r f; do
        if [ -L "$f" ]; then echo "$f -> $(readlink "$f")"; elif [ -d "$f" ]; then echo "$f/";
        else echo "$f $(cat "$f") $(stat -c %h "$f")"; fi; done
        """
      let listed = String(decoding: try run(["sh", "-c", script]).output, as: UTF8.self)
      try #expect(read(out.appending("manifest")) == plainManifest)
      return (listed.split(separator: "\n").map(String.init), report)
    }
  }

  @Test("a listed path stands for itself, and the directories above it are there")
  func itself() throws {
    let (tree, report) = try extracted(["etc/passwd", "usr"])
    #expect(tree == ["./etc/", "./etc/passwd root 1", "./usr/"])
    #expect(report.leftOut == 9 && report.created == 5)
    #expect(try extracted([]).tree == [])
    #expect(try extracted(["missing", "etc/missing/deep"]).tree == [])
    #expect(
      try extracted(["unlisted/deep/file"]).tree == [
        "./unlisted/", "./unlisted/deep/", "./unlisted/deep/file deep 1",
      ])
  }

  @Test("hard links among what is listed stay hard links")
  func links() throws {
    #expect(
      try extracted(["usr/bin/tool", "usr/bin/third"]).tree
        == ["./usr/", "./usr/bin/", "./usr/bin/third tool 2", "./usr/bin/tool tool 2"])
  }

  @Test(
    "a listed hard link has its content where the file that it names is not listed",
    arguments: [nil, 1, 3], [true, false])
  func moved(_ workers: Int?, _ hashing: Bool) throws {
    #expect(
      try extracted(["usr/bin/alias"], workers: workers, hashing: hashing).tree
        == ["./usr/", "./usr/bin/", "./usr/bin/alias tool 1"])
    #expect(
      try extracted(["usr/bin/third", "usr/bin/alias"], workers: workers, hashing: hashing).tree
        == ["./usr/", "./usr/bin/", "./usr/bin/alias tool 2", "./usr/bin/third tool 2"])
    #expect(
      try extracted(["etc/link2"], workers: workers, hashing: hashing).tree == [
        "./etc/", "./etc/link2 -> ../usr",
      ])
  }

  @Test("also when the image is a file that is not read from its beginning, in whatever compression")
  func files() throws {
    try TemporaryDirectory.with(.memory) { directory in
      for compression in OutputCompressionTests.all + [.none] {
        let bytes = try compressed(whole, compression)
        let file = try directory.write(Array("prefix".utf8) + bytes, to: "image.aci")
        let descriptor = try FileDescriptor.open(file, .readOnly)
        try descriptor.closeAfter {
          try descriptor.seek(offset: 6, from: .start)
          #expect(
            try extracted(["usr/bin/alias"], ByteSource(descriptor)).tree
              == ["./usr/", "./usr/bin/", "./usr/bin/alias tool 1"])
        }
      }
    }
  }

  @Test("from a pipe, such a link is refused by name, and everything else works")
  func pipes() throws {
    func piped(_ list: [String]) throws -> [String] {
      let pipe = try FileDescriptor.pipe()
      // The image fits into a pipe's buffer.
      try pipe.writeEnd.closeAfter { _ = try pipe.writeEnd.writeAll(whole) }
      return try pipe.readEnd.closeAfter { try extracted(list, ByteSource(pipe.readEnd)).tree }
    }
    #expect(try piped(["etc/passwd"]) == ["./etc/", "./etc/passwd root 1"])
    let error = #expect(throws: ArchiveError.self) { try piped(["usr/bin/alias"]) }
    #expect(error?.code == .unsupported && error?.description.contains("rootfs/usr/bin/alias") == true)
  }

  @Test("a directory above what is listed keeps its owner, mode and time", .enabled(if: geteuid() == 0))
  func metadata() throws {
    let bytes = try written { writer throws(ArchiveError) in
      var directory = ArchiveEntry(path: try path("rootfs/d"), kind: .directory, mode: 0o1751, uid: 7, gid: 8)
      directory.modified = FileTime(seconds: 12345, nanoseconds: 6)
      try writer.add(directory)
      try writer.add(ArchiveEntry(path: try path("rootfs/d/a"), kind: .regular, mode: 0o600))
      try writer.add(ArchiveEntry(path: try path("rootfs/d/b"), kind: .regular, mode: 0o600))
    }.bytes
    try TemporaryDirectory.with(.memory) { directory in
      let out = directory.appending("out")
      _ = try Archive.extract(
        ByteSource(bytes), into: out, extraction: .init(whitelist: try paths(["d/b"])))
      let status = try FileStatus(out.appending("rootfs").appending("d"))
      #expect(status.mode & 0o7777 == 0o1751 && status.uid == 7 && status.gid == 8)
      #expect(status.modified == FileTime(seconds: 12345, nanoseconds: 6))
    }
  }

  @Test("the decision is a value")
  func decision() throws {
    var selection = WhitelistSelection(try paths(["h", "i"]))
    let file = ArchiveEntry(path: try path("rootfs/f"), kind: .regular, mode: 0)
    func link(_ name: String, _ target: String) throws -> ArchiveEntry {
      ArchiveEntry(path: try path(name), kind: .hardLink, mode: 0, linkTarget: Array(target.utf8))
    }
    #expect(selection.decide(file) == .leaveOut)
    #expect(selection.decide(try link("rootfs/g", "rootfs/f")) == .leaveOut)
    #expect(selection.decide(try link("rootfs/h", "rootfs/g")) == .takeContent)
    #expect(selection.decide(try link("rootfs/i", "rootfs/f")) == .linkLater(to: try path("rootfs/h")))
    #expect(selection.moves == [try path("rootfs/f"): try path("rootfs/h")])
    #expect(selection.isNeeded(.rootfs))
  }
}
