import AppcSchema
import SystemPackage
import Testing

@testable import appc

@Suite("appc image list")
struct ImageListTests {
  /// Three images: web 1.0 and 2.0, and db, the largest.
  private func fixture() throws -> CommandFixture {
    let fixture = try CommandFixture()
    for (name, version, bytes) in [("web", "1.0", 10), ("db", "9", 200_000), ("web", "2.0", 60_000)] {
      let image = try fixture.makeSmallImage(
        name, version: version, files: ["data": String(repeating: "x", count: bytes)])
      let imported = try fixture.appc("image", "import", image.string)
      #expect(imported.status == 0, "\(imported.error)")
    }
    return fixture
  }

  private func names(_ fixture: CommandFixture, _ arguments: String...) throws -> [String] {
    let words = ["image", "list", "--no-legend", "--fields=name"] + arguments
    return try fixture.appc(words).output.split(separator: "\n").map(String.init)
  }

  @Test("sorts by any field, and by the next one among equals")
  func sorting() throws {
    let fixture = try fixture()
    let (one, two, db) = ("example.com/web:1.0", "example.com/web:2.0", "example.com/db:9")
    #expect(try names(fixture) == [one, db, two])
    #expect(try names(fixture, "--sort=name,version") == [db, one, two])
    #expect(try names(fixture, "--sort=size") == [one, two, db])
    #expect(try names(fixture, "--sort", "imagesize", "--order=desc") == [db, two, one])
    #expect(try names(fixture, "--sort=labels", "--order", "desc") == [db, two, one])
    #expect(try names(fixture, "--sort=latest,version") == [one, two, db])
    for field in ImageListField.allCases {
      #expect(try names(fixture, "--sort=\(field.rawValue)").sorted() == [db, one, two], "\(field)")
    }
  }

  @Test("shows the fields asked for, in that order; all are dates, bytes and whole IDs with --full")
  func fields() throws {
    let fixture = try fixture()
    let usual = try fixture.appc("image", "list").output.split(separator: "\n")
    #expect(usual[0].split(separator: " ", omittingEmptySubsequences: true).first == "ID")
    #expect(usual[0].hasSuffix("LATEST"))
    let row = try fixture.appc(
      "image", "list", "--full", "--no-legend", "--fields=version,imagesize,latest,id,origin", "--sort=size"
    ).output.split(separator: "\n")[0].split(separator: " ")
    #expect(row[0] == "1.0" && row[2] == "false")
    #expect((Int(row[1]) ?? 0) % 512 == 0)
    #expect(try ImageID(String(row[3])).description == row[3])
    #expect(row[4] == "\(fixture.directory)/web-1.0.aci")
  }

  @Test("in JSON has every field unless some are chosen, with rkt's keys and numbers")
  func json() throws {
    let fixture = try fixture()
    let all = try fixture.json("image", "list", "--format=json", "--sort=size")
    let first = try #require(all.array?[0])
    #expect(first["name"]?.string == "example.com/web:1.0")
    #expect(first["version"]?.string == "1.0")
    #expect(first["labels"]?.array?.count == 1)
    #expect(first["latest"]?.bool == false)
    #expect(
      first["size"]?.number?.integer(as: Int64.self) == first["image_size"]?.number?.integer(as: Int64.self))
    #expect((first["import_time"]?.number?.integer(as: Int64.self) ?? 0) > 1_600_000_000_000_000_000)
    #expect((first["last_used_time"]?.number?.integer(as: Int64.self) ?? 0) > 1_600_000_000_000_000_000)
    let some = try fixture.json("image", "list", "--format=json-pretty", "--fields=name,latest")
    #expect(some.array?.map { $0.object?.count } == [2, 2, 2])
  }

  @Test("tells which image is preferred where no version is asked for")
  func latest() throws {
    let fixture = try fixture()
    let image = fixture.directory.appending("web-1.0.aci").string
    #expect(try fixture.appc("image", "import", "--latest", image).status == 0)
    #expect(try names(fixture, "--sort=latest", "--order=desc")[0] == "example.com/web:1.0")
    #expect(try fixture.appc("image", "cat-manifest", "example.com/web").output.contains("1.0"))
  }

  @Test(
    "refuses what it does not know, naming what there is",
    arguments: [
      ["--fields", "name,colour"], ["--fields", ""], ["--sort", "colour"], ["--order", "up"],
      ["--format", "xml"],
    ])
  func refusals(arguments: [String]) throws {
    let result = try CommandFixture().appc(["image", "list"] + arguments)
    #expect(result.status == 254 && result.error.split(separator: "\n").count == 1, "\(result.error)")
  }

  @Test("of an empty store is a heading, or an empty array")
  func empty() throws {
    let fixture = try CommandFixture()
    #expect(try fixture.appc("image", "list").output.split(separator: "\n").count == 1)
    #expect(try fixture.appc("image", "list", "--format=json").output == "[]\n")
  }
}
