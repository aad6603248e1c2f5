import ACIArchive
import ACIBuild
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Refusing to patch an image")
struct PatchRefusalTests {
  @Test(
    "every image of the attack corpus is refused as it is when it is read, leaving nothing; the others stay valid",
    .timeLimit(.minutes(5)))
  func attacks() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let corpus = FilePath(#filePath).removingLastComponent()
        .pushing("../ACIArchiveTests/Cases/aci-cases.tar.xz")
      try #require(system("tar -xJf '\(corpus)' -C '\(directory.path)'") == 0)
      let box = try directory.makeDirectory("box")
      let output = box.appending("out.aci")
      var count = 0
      for name in try names(directory.appending("cases")) {
        let file = directory.appending("cases").appending(name)
        guard try status(of: file).st_mode & S_IFMT == S_IFREG else { continue }
        count += 1
        let verdict = verdict(on: file)
        let outcome = Result {
          try ImagePatcher(opening: file).write(
            PatchFixture.new, to: .file(output), compression: .some(.none))
        }
        // A manifest that is replaced need not be valid.
        let isReplaceable = verdict == nil || verdict == .invalidManifest
        guard case .success(let patched) = outcome else {
          #expect(verdict != nil, "\(name) is valid, but was refused")
          #expect(try names(box) == [], "\(name)")
          continue
        }
        #expect(isReplaceable, "\(name) was patched")
        let (entries, summary) = try read(output)
        #expect(summary.imageID == patched.imageID, "\(name)")
        if verdict == nil {
          let before = try read(file).entries.filter { $0.path != .manifest }
          #expect(Array(entries.dropFirst()) == before, "\(name)")
        }
        _ = output.withPlatformString { unlink($0) }
      }
      #expect(count > 300)
    }
  }

  private func verdict(on file: FilePath) -> ArchiveError.Code? {
    do throws(ArchiveError) {
      _ = try Archive.inspect(ByteSource(opening: file))
      return nil
    } catch {
      return error.code
    }
  }

  @Test(
    "what is no image, or has no manifest, with one line that names it",
    arguments: [[], Array("hello".utf8), RawTar([.directory("rootfs")]).bytes, RawTar([]).bytes])
  func noImage(bytes: [UInt8]) throws {
    try withImage(bytes) { directory, image in
      let error = #expect(throws: BuildError.self) { _ = try ImagePatcher(opening: image) }
      #expect(error?.code == .refused)
      #expect(error?.description.hasPrefix("patch \(image): ") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test("a pipe, without waiting for it", .timeLimit(.minutes(1)))
  func pipe() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let pipe = directory.appending("pipe.aci")
      _ = pipe.withPlatformString { mkfifo($0, 0o600) }
      let error = #expect(throws: BuildError.self) { _ = try ImagePatcher(opening: pipe) }
      #expect(error?.code == .refused)
    }
  }

  @Test("a new manifest that is not valid", arguments: ["", "garbage", "{}", #"{"acKind":"PodManifest"}"#])
  func newManifest(text: String) throws {
    try expect(.invalidManifest, manifest: Array(text.utf8), to: { .file($0.appending("out.aci")) })
    try expect(.invalidManifest, manifest: Array(text.utf8), to: { _ in .inPlace })
  }

  @Test("B1: an output whose name does not end in .aci", arguments: ["out.tar", "aci", "out.aci.gz"])
  func badName(name: String) throws {
    try expect(.badName, to: { .file($0.appending(name)) })
  }

  @Test("an output that exists, which stays as it is")
  func exists() throws {
    try withImage { directory, image in
      let precious = try directory.write("precious", to: "out.aci")
      let patcher = try ImagePatcher(opening: image)
      let error = #expect(throws: BuildError.self) {
        try patcher.write(PatchFixture.new, to: .file(precious))
      }
      #expect(error?.description == "patch \(precious): it exists (use --overwrite)")
      #expect(try contents(of: precious) == Array("precious".utf8))
    }
  }

  @Test("an image that is broken behind its manifest; what was to be replaced stays as it was")
  func brokenLater() throws {
    let bytes = RawTar([
      .init("manifest", content: PatchFixture.old), .directory("rootfs"), .file("rootfs/a"),
      .file("rootfs/a"),
    ]).bytes
    try withImage(bytes) { directory, image in
      let precious = try directory.write("precious", to: "out.aci")
      let patcher = try ImagePatcher(opening: image)
      for destination in [ImagePatcher.Destination.file(precious, overwrite: true), .inPlace] {
        let error = #expect(throws: BuildError.self) { try patcher.write(PatchFixture.new, to: destination) }
        #expect(error?.code == .refused && error?.description.contains("rootfs/a") == true)
      }
      #expect(try contents(of: precious) == Array("precious".utf8))
      #expect(try contents(of: image) == bytes)
      #expect(try names(directory.path) == ["in.aci", "out.aci"])
    }
  }

  @Test("an image that somebody wrote to or replaced since it was opened")
  func changed() throws {
    let bytes = PatchFixture.image(manifestAt: 2)
    for change in ["touch -d 2020-01-01 in.aci", "cp in.aci 2.aci && mv 2.aci in.aci"] {
      try withImage { directory, image in
        let patcher = try ImagePatcher(opening: image)
        try #require(system("cd '\(directory.path)' && \(change)") == 0)
        let error = #expect(throws: BuildError.self) { try patcher.write(PatchFixture.new, to: .inPlace) }
        #expect(error?.code == .changed)
        #expect(try contents(of: image) == bytes)
      }
    }
  }

  @Test("a manifest that is larger than the limits")
  func manifestLimit() throws {
    var limits = ArchiveLimits()
    limits.manifestBytes = 80
    let image = PatchFixture.image(manifestAt: 2)
    do throws(ArchiveError) {
      _ = try Archive.replaceManifest(
        of: ByteSource(image), with: PatchFixture.new, options: .init(compression: .none, limits: limits))
      Issue.record("it was written")
    } catch {
      #expect(error.code == .limitExceeded)
    }
  }

  @Test("on a full disk, saying so and leaving what was there", .enabled(if: geteuid() == 0))
  func fullDisk() throws {
    let big = RawTar.Entry("rootfs/big", content: [UInt8](repeating: 7, count: 600 << 10))
    let bytes = PatchFixture.image(manifestAt: 3, [.init("manifest", content: PatchFixture.old), big])
    try TemporaryDirectory.with(.memory) { directory in
      let small = try directory.makeDirectory("small")
      guard small.withPlatformString({ mount("tmpfs", $0, "tmpfs", 0, "size=1m") }) == 0 else { return }
      defer { _ = small.withPlatformString { umount2($0, Int32(MNT_DETACH)) } }
      let image = try directory.write(bytes, to: "small/in.aci")
      let patcher = try ImagePatcher(opening: image)
      for destination in [ImagePatcher.Destination.inPlace, .file(small.appending("out.aci"))] {
        let error = #expect(throws: BuildError.self) { try patcher.write(PatchFixture.new, to: destination) }
        #expect(error?.code == .diskFull, "\(error.map { "\($0)" } ?? "written")")
        #expect(try names(small) == ["in.aci"])
        #expect(try contents(of: image) == bytes)
      }
    }
  }

  @Test(
    "killed at any moment, an image that is patched in place is the old one or the new one", arguments: 0..<12
  )
  func killed(round: Int) async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let content = RawTar.Entry("rootfs/big", content: [UInt8](repeating: 7, count: 1 << 20))
      let bytes = PatchFixture.image(manifestAt: 3, [.init("manifest", content: PatchFixture.old), content])
      let image = try directory.write(bytes, to: "in.aci")
      let microseconds = UInt32(round * 1700)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = image.string as String, microseconds = microseconds as UInt32] in
        Task.detached {
          usleep(microseconds)
          kill(getpid(), SIGKILL)
        }
        while true {
          for manifest in [PatchFixture.new, PatchFixture.old] {
            _ = try ImagePatcher(opening: FilePath(path)).write(manifest, to: .inPlace)
          }
        }
      }
      let manifest = try read(image).summary.manifestBytes
      #expect([PatchFixture.old, PatchFixture.new].contains(manifest))
      // Between linking and renaming, two system calls, the new file has a hidden name.
      #expect(try names(directory.path).filter { !$0.hasPrefix(".appc-") } == ["in.aci"])
    }
  }

  private func expect(
    _ code: BuildError.Code, manifest: [UInt8] = PatchFixture.new,
    to destination: (TemporaryDirectory) -> ImagePatcher.Destination
  ) throws {
    try withImage { directory, image in
      let patcher = try ImagePatcher(opening: image)
      let error = #expect(throws: BuildError.self) { try patcher.write(manifest, to: destination(directory)) }
      #expect(error?.code == code)
      #expect(error?.description.contains("\n") == false)
      #expect(try names(directory.path) == ["in.aci"])
      #expect(try contents(of: image) == PatchFixture.image(manifestAt: 2))
    }
  }
}
