import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Foundation
import SystemPackage
import Testing

@Suite("The images of the attack corpus and the store")
struct AttackImportTests {
  @Test("the store takes just those that reading accepts, each by its ID, and keeps nothing of the others")
  func agreement() throws {
    try TestStore.with { store, directory in
      let corpus = try directory.makeDirectory("corpus")
      let archive = FilePath(#filePath).removingLastComponent()
        .pushing("../ACIArchiveTests/Cases/aci-cases.tar.xz")
      try #require(system("tar -xJf '\(archive.string)' -C '\(corpus.string)'") == 0)
      let index = try Data(contentsOf: URL(filePath: corpus.appending("index.json").string))
      let cases = try #require(JSONValue.parse(Array(index))["cases"]?.array)
      let files = cases.compactMap { $0["file"]?.string }
      #expect(files.count > 400)
      let empty = try directory.contents().filter { !$0.hasPrefix("store/names/") }
      for name in files {
        let file = corpus.pushing(FilePath(name))
        let read = try? Archive.inspect(ByteSource(opening: file))
        let imported = try? store.importImage(from: file)
        #expect(imported?.record.id == read?.imageID, "\(name)")
        if let imported { try store.remove(imported.record.id) }
      }
      #expect(try directory.contents() == empty)
    }
  }
}
