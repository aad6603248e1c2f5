import ACIArchive
import ACIBuild
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Refusing to build")
struct RefusalTests {
  @Test("B1: an output whose name does not end in .aci", arguments: ["a.tar", "aci", "a.aci.gz"])
  func name(_ name: String) throws {
    try withTree { tree in
      _ = try expect(.badName, tree, output: name)
    }
  }

  @Test("what is compressed so well that readers take it for a bomb, and nothing is left of it")
  func bomb() throws {
    try withTree { tree in
      try tree.directory.write([UInt8](repeating: 0, count: 20 << 20), to: "src/rootfs/zeros")
      let error = #expect(throws: BuildError.self) {
        try ImageBuilder(directory: tree.source).build(to: tree.output)
      }
      #expect(error?.code == .refused)
      #expect(access(tree.output.string, F_OK) != 0)
    }
  }

  @Test("an output that exists, unless told to replace it")
  func exists() throws {
    try withTree { tree in
      try tree.directory.write("precious", to: "a.aci")
      let error = try expect(.exists, tree)
      #expect(error.description.hasSuffix("it exists (use --overwrite)"))
      #expect(try contents(of: tree.output) == Array("precious".utf8))
      _ = try ImageBuilder(directory: tree.source, options: .init(overwrite: true)).build(to: tree.output)
      #expect(try contents(of: tree.output).count > 100)
      #expect(try tree.names() == ["a.aci", "src"])
    }
  }

  @Test("B3: anything but manifest and rootfs, naming it")
  func stranger() throws {
    try withTree { tree in
      try tree.directory.write("x", to: "src/README")
      #expect(try expect(.badLayout, tree).description.contains("README"))
    }
  }

  @Test("a missing manifest or rootfs", arguments: ["manifest", "rootfs"])
  func missing(_ name: String) throws {
    try withTree { tree in
      let path = tree.source.appending(name)
      let aside = tree.directory.appending("aside")
      _ = path.withPlatformString { old in aside.withPlatformString { rename(old, $0) } }
      try expect(.badLayout, tree, leaves: ["aside", "src"])
    }
  }

  @Test("a manifest or rootfs that is a link", arguments: ["manifest", "rootfs"])
  func linked(_ name: String) throws {
    try withTree { tree in
      let path = tree.source.appending(name)
      let aside = tree.directory.appending("aside")
      _ = path.withPlatformString { old in aside.withPlatformString { rename(old, $0) } }
      _ = path.withPlatformString { link in aside.withPlatformString { symlink($0, link) } }
      try expect(.badLayout, tree, leaves: ["aside", "src"])
    }
  }

  @Test(
    "a manifest that is not valid",
    arguments: ["", "{", #"{"acKind":"PodManifest"}"#, #"{"acKind":"ImageManifest","acVersion":"0.8.11"}"#])
  func manifest(_ text: String) throws {
    try withTree { tree in
      try tree.directory.write(text, to: "src/manifest")
      try expect(.invalidManifest, tree)
    }
  }

  @Test("a full disk, saying so and leaving nothing", .enabled(if: geteuid() == 0))
  func fullDisk() throws {
    try withTree { tree in
      try tree.directory.write([UInt8](repeating: 7, count: 3 << 20), to: "src/rootfs/big")
      let small = try tree.directory.makeDirectory("small")
      guard small.withPlatformString({ mount("tmpfs", $0, "tmpfs", 0, "size=1m") }) == 0 else { return }
      defer { _ = small.withPlatformString { umount2($0, Int32(MNT_DETACH)) } }
      let builder = ImageBuilder(directory: tree.source, options: .init(compression: .none))
      let error = #expect(throws: BuildError.self) { try builder.build(to: small.appending("a.aci")) }
      #expect(error?.code == .diskFull)
      #expect(try names(small) == [])
    }
  }

  @discardableResult
  private func expect(
    _ code: BuildError.Code, _ tree: TestTree, output: String = "a.aci", leaves: [String]? = nil
  ) throws -> BuildError {
    let before = try leaves ?? tree.names()
    let error = try #require(
      #expect(throws: BuildError.self) {
        try ImageBuilder(directory: tree.source).build(to: tree.directory.appending(output))
      })
    #expect(error.code == code, "\(error)")
    #expect(!error.description.contains("\n"))
    #expect(try tree.names() == before)
    return error
  }
}
