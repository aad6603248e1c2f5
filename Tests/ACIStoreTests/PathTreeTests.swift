import ACIArchive
import Testing

@testable import ACIStore

@Suite("The paths of a rendering")
struct PathTreeTests {
  @Test("a path has one number, which gives the path back and knows the path above")
  func roundTrip() throws {
    var tree = PathTree()
    var numbers: [ArchivePath: PathTree.Number] = [:]
    for index in 0..<5000 {
      let path = try ArchivePath("rootfs/\(index % 7)/d\(index % 50)/\(index)")
      numbers[path] = try tree.insert(path)
    }
    #expect(Set(numbers.values).count == 5000)
    for (path, number) in numbers {
      #expect(tree.find(path) == number)
      #expect(tree.path(number) == path)
      #expect(tree.parent(of: number).map(tree.path) == path.parent)
      #expect(try tree.insert(path) == number)
    }
    #expect(tree.find(try ArchivePath("rootfs/none")) == nil)
    #expect(tree.endNumber > numbers.count)
  }

  @Test("names are bytes: what only looks the same has another number")
  func bytes() throws {
    var tree = PathTree()
    let composed = try tree.insert(ArchivePath([0x61, 0x2f, 0xc3, 0xa9]))
    let decomposed = try tree.insert(ArchivePath([0x61, 0x2f, 0x65, 0xcc, 0x81]))
    let invalid = try tree.insert(ArchivePath([0x61, 0x2f, 0xff]))
    #expect(Set([composed, decomposed, invalid]).count == 3)
    #expect(tree.path(invalid).bytes == [0x61, 0x2f, 0xff])
  }

  @Test("its size is bounded")
  func limits() throws {
    var paths = PathTree(limits: .init(paths: 3))
    _ = try paths.insert(try ArchivePath("a/b/c"))
    #expect(throws: ArchiveError.self) { try paths.insert(try ArchivePath("a/b/d")) }
    var names = PathTree(limits: .init(nameBytes: 4))
    #expect(throws: ArchiveError.self) { try names.insert(try ArchivePath("a/longer")) }
  }
}
