import ACIArchive
import ACIBuild
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Giving an image another manifest")
struct ImagePatcherTests {
  @Test(
    "B12: the manifest comes first, and every other byte of the archive follows as it was",
    arguments: 0...PatchFixture.others.count)
  func everyByte(position: Int) throws {
    // Not between an extended header and its entry.
    if position > 0, "xL".utf8.contains(PatchFixture.others[position - 1].type) { return }
    try withImage(PatchFixture.image(manifestAt: position)) { directory, image in
      let patcher = try ImagePatcher(opening: image)
      #expect(patcher.manifestBytes == PatchFixture.old)
      let output = directory.appending("out.aci")
      let patched = try patcher.write(PatchFixture.new, to: .file(output))
      let written = try contents(of: output)
      let expected =
        try PatchFixture.manifestBlocks(PatchFixture.new) + RawTar(PatchFixture.others).bytes
      #expect(written == expected)
      let (entries, summary) = try read(output)
      #expect(summary.imageID == patched.imageID && summary.manifestBytes == PatchFixture.new)
      #expect(patched.entries == entries.count + 1, "\"./\" counts too")
      #expect(patched.tarBytes == Int64(written.count) && patched.bytes == patched.tarBytes)
    }
  }

  @Test("headers that belong to the manifest's entry go with it, global ones stay")
  func manifestHeaders() throws {
    let headers = [
      PatchFixture.pax("comment=global", type: "g"),
      PatchFixture.pax("path=manifest", "SCHILY.xattr.user.n=v"),
      RawTar.Entry("somewhere", content: PatchFixture.old),
    ]
    try withImage(PatchFixture.image(manifestAt: 2, headers)) { directory, image in
      let output = directory.appending("out.aci")
      _ = try ImagePatcher(opening: image).write(PatchFixture.new, to: .file(output))
      let others = PatchFixture.others[..<2] + headers[..<1] + PatchFixture.others[2...]
      #expect(
        try contents(of: output)
          == PatchFixture.manifestBlocks(PatchFixture.new) + RawTar(Array(others)).bytes)
    }
  }

  @Test("a patched image is the one that would have been built with the manifest")
  func likeBuilt() throws {
    try withTree { tree in
      let first = try ImageBuilder(directory: tree.source).build(to: tree.output)
      try tree.directory.write(PatchFixture.new, to: "src/manifest")
      let built = try ImageBuilder(directory: tree.source).build(to: tree.directory.appending("b.aci"))
      let output = tree.directory.appending("c.aci")
      let patched = try ImagePatcher(opening: tree.output).write(PatchFixture.new, to: .file(output))
      #expect(patched.imageID == built.imageID)
      #expect(try contents(of: output) == contents(of: tree.directory.appending("b.aci")))
      let back = try ImagePatcher(opening: output).write(tree.manifest, to: .inPlace)
      #expect(back.imageID == first.imageID)
    }
  }

  @Test("the compression stays as it was, unless another one is chosen")
  func compression() throws {
    let plain = PatchFixture.image(manifestAt: 3)
    for (bytes, own) in [(plain, Compression.none), (StoredGzip.member(plain), .gzip)] {
      try withImage(bytes) { directory, image in
        let patcher = try ImagePatcher(opening: image)
        #expect(patcher.compression == own)
        var ids: Set<ImageID> = []
        for (chosen, expected) in [(nil, own), (OutputCompression.none, .none), (.gzip(level: 1), .gzip)] {
          let output = directory.appending("out.aci")
          let patched = try patcher.write(
            PatchFixture.new, to: .file(output, overwrite: true), compression: chosen)
          #expect(try read(output).summary.compression == expected)
          ids.insert(patched.imageID)
        }
        #expect(ids.count == 1)
      }
    }
  }

  @Test(
    "an image packed by whatever program keeps its compression, and can get another",
    arguments: [Compression.xz, .bzip2, .zstd])
  func packed(_ compression: Compression) throws {
    try withImage { directory, image in
      let packed = directory.appending("packed.aci")
      try #require(system("\(compression) -c '\(image)' > '\(packed)' 2> /dev/null") == 0)
      let patcher = try ImagePatcher(opening: packed)
      let output = directory.appending("out.aci")
      let same = try patcher.write(PatchFixture.new, to: .file(output))
      let summary = try read(output).summary
      #expect(summary.compression == compression && summary.manifestBytes == PatchFixture.new)
      #expect(system("\(compression) -t < '\(output)' 2> /dev/null") == 0)
      let other = try patcher.write(
        PatchFixture.new, to: .file(output, overwrite: true), compression: .gzip())
      #expect(other.imageID == same.imageID)
      #expect(try read(output).summary.compression == .gzip)
    }
  }

  @Test("a level that does not exist is refused before anything is written")
  func level() throws {
    try withImage { directory, image in
      let output = directory.appending("out.aci")
      let error = #expect(throws: BuildError.self) {
        try ImagePatcher(opening: image).write(
          PatchFixture.new, to: .file(output), compression: .xz(level: 10))
      }
      #expect(error?.code == .unsupportedCompression && error?.description.contains("0 (fast) to 9") == true)
      #expect(access(output.string, F_OK) != 0)
    }
  }

  @Test("an image whose manifest is broken can be given a good one", arguments: ["", "{", "[]", "{}"])
  func repair(manifest: String) throws {
    let broken = RawTar.Entry("manifest", content: Array(manifest.utf8))
    try withImage(PatchFixture.image(manifestAt: 5, [broken])) { directory, image in
      let patcher = try ImagePatcher(opening: image)
      #expect(patcher.manifestBytes == Array(manifest.utf8))
      _ = try patcher.write(PatchFixture.new, to: .inPlace)
      #expect(try read(image).summary.manifestBytes == PatchFixture.new)
    }
  }

  @Test(
    "in place, the file keeps its owner and permissions, and no set-user-ID bit", .enabled(if: geteuid() == 0)
  )
  func inPlace() throws {
    try withImage { directory, image in
      _ = image.withPlatformString { chown($0, 1000, 2000) }
      _ = image.withPlatformString { chmod($0, 0o4640) }
      let patched = try ImagePatcher(opening: image).write(PatchFixture.new, to: .inPlace)
      #expect(patched.path == image)
      let status = try status(of: image)
      #expect(status.st_uid == 1000 && status.st_gid == 2000 && status.st_mode == S_IFREG | 0o640)
      #expect(try names(directory.path) == ["in.aci"])
    }
  }

  @Test("what is compressed so well that readers take it for a bomb is refused, and left as it was")
  func noBomb() throws {
    let zeros = RawTar.Entry("rootfs/zeros", content: [UInt8](repeating: 0, count: 20 << 20))
    let tar = RawTar([.init("manifest", content: PatchFixture.old), .directory("rootfs"), zeros]).bytes
    try withImage(tar) { directory, image in
      let patcher = try ImagePatcher(opening: image)
      let error = #expect(throws: BuildError.self) {
        try patcher.write(PatchFixture.new, to: .inPlace, compression: .gzip())
      }
      #expect(error?.code == .refused)
      #expect(error?.description.contains("--no-compression") == true)
      #expect(try contents(of: image) == tar)
      _ = try patcher.write(PatchFixture.new, to: .inPlace)
      #expect(try read(image).summary.manifestBytes == PatchFixture.new)
    }
  }

  @Test("in place, a file that a link leads to only since the image was opened is left alone")
  func linkTurned() throws {
    try withImage { directory, image in
      let other = try directory.write("precious", to: "other")
      let link = directory.appending("link.aci")
      _ = link.withPlatformString { symlink("in.aci", $0) }
      let patcher = try ImagePatcher(opening: link)
      _ = link.withPlatformString { unlink($0) }
      _ = link.withPlatformString { symlink("other", $0) }
      let error = #expect(throws: BuildError.self) { try patcher.write(PatchFixture.new, to: .inPlace) }
      #expect(error?.code == .changed)
      #expect(try contents(of: other) == Array("precious".utf8))
      #expect(try contents(of: image) == PatchFixture.image(manifestAt: 2))
    }
  }

  @Test("in place, what a link leads to is patched and the link stays; the name may be any")
  func inPlaceOfLink() throws {
    try withImage(named: "deep/image.tar") { directory, image in
      let link = directory.appending("link.aci")
      _ = link.withPlatformString { symlink("deep/image.tar", $0) }
      _ = try ImagePatcher(opening: link).write(PatchFixture.new, to: .inPlace)
      #expect(try status(of: link).st_mode & S_IFMT == S_IFLNK)
      #expect(try read(image).summary.manifestBytes == PatchFixture.new)
    }
  }

  @Test("an image may be patched onto itself by name")
  func ontoItself() throws {
    try withImage { directory, image in
      _ = try ImagePatcher(opening: image).write(PatchFixture.new, to: .file(image, overwrite: true))
      #expect(try read(image).summary.manifestBytes == PatchFixture.new)
      #expect(try names(directory.path) == ["in.aci"])
    }
  }

  @Test("in memory: bytes and a manifest give bytes, an image ID and the old manifest")
  func memory() throws {
    let (written, replaced) = try Archive.replaceManifest(
      of: ByteSource(PatchFixture.image(manifestAt: 9)), with: PatchFixture.new,
      options: .init(compression: .none))
    #expect(replaced == PatchFixture.old)
    #expect(try Archive.inspect(ByteSource(written.bytes)).imageID == written.imageID)
    #expect(
      try written.bytes
        == PatchFixture.manifestBlocks(PatchFixture.new) + RawTar(PatchFixture.others).bytes)
  }

  @Test("content of many megabytes is copied whole")
  func large() throws {
    let content = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 11) }
    let entries = [
      RawTar.Entry("rootfs/big", content: content), .init("manifest", content: PatchFixture.old),
    ]
    try withImage(RawTar([.directory("rootfs")] + entries).bytes) { directory, image in
      let output = directory.appending("out.aci")
      _ = try ImagePatcher(opening: image).write(PatchFixture.new, to: .file(output), compression: .gzip())
      let (found, _) = try read(output)
      #expect(found.map(\.path.description) == ["manifest", "rootfs", "rootfs/big"])
      var reader = try ArchiveReader(ByteSource(opening: output))
      while let entry = try reader.next() {
        if entry.size == content.count {
          let copied = try reader.content(of: entry, limit: content.count)
          #expect(copied == content)
        }
      }
    }
  }
}
