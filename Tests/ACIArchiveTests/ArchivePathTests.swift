import ACIArchive
import Testing

struct ArchivePathTests {
  @Test(
    "B5: one leading ./ and superfluous slashes do not make another path",
    arguments: [
      "rootfs/a", "./rootfs/a", "rootfs//a", "./rootfs///a", "rootfs/a/",
    ])
  func canonical(_ spelling: String) throws {
    #expect(try path(spelling) == path("rootfs/a"))
    #expect(try path(spelling).bytes == Array("rootfs/a".utf8))
  }

  @Test(
    "B5: names that are empty, absolute or climb are refused",
    arguments: [
      "", ".", "./", "/", "//", "/rootfs", "..", "../a", "rootfs/..", "rootfs/../a", "./../a", "././a",
      "rootfs/./a",
      "rootfs/.",
    ])
  func refused(_ spelling: String) {
    #expect(throws: ArchiveError.self) { try path(spelling) }
  }

  @Test("a NUL, where C would see the end, is refused")
  func nul() {
    #expect(throws: ArchiveError.self) { try path("rootfs/a\0b") }
  }

  @Test("a slash is a separator and dots are dots whatever Unicode makes of them")
  func bytes() throws {
    #expect(throws: ArchiveError.self) { try path("../\u{338}pwned") }
    #expect(try path("rootfs/..\u{200D}").components.count == 2)
    #expect(try path("rootfs/\u{E9}") != path("rootfs/e\u{301}"))
    #expect(try path("rootfs/\u{212A}") != path("rootfs/K"))
    #expect(try ArchivePath([0xFF]) != ArchivePath([0xFE]))
  }

  @Test("a prefix ends at a component's border")
  func prefixes() throws {
    #expect(try path("rootfs").starts(with: .rootfs))
    #expect(try path("rootfs/a").starts(with: .rootfs))
    #expect(try !path("rootfs-evil").starts(with: .rootfs))
    #expect(try !path("rootfs2/a").starts(with: .rootfs))
  }

  @Test("what a directory holds comes right after it in order")
  func order() throws {
    let sorted = try ["a", "a/b", "a/b/c", "a/c", "a-b", "a.b", "b"].map { try path($0) }
    #expect(sorted.shuffled().sorted() == sorted)
  }

  @Test("parts of a path")
  func parts() throws {
    let deep = try path("rootfs/a/b")
    #expect(deep.depth == 3)
    #expect(deep.parent == (try path("rootfs/a")))
    #expect(ArchivePath.rootfs.parent == nil)
    #expect(Array(deep.lastComponent) == Array("b".utf8))
    #expect(try deep.appending(Array("c".utf8)) == path("rootfs/a/b/c"))
    #expect(throws: ArchiveError.self) { try deep.appending(Array("../c".utf8)) }
    #expect(try ArchivePath([0x61, 0x0A, 0x1B]).description == "a\\u{a}\\u{1b}")
  }
}
