import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc image verify")
struct ImageVerifyTests {
  @Test("says nothing of a store that is as it was made, and ends with 0")
  func clean() throws {
    let fixture = try CommandFixture()
    let id = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "hello"]))
    for arguments in [[], [id], ["example.com/web", "--no-trees"]] {
      let result = try fixture.appc(["image", "verify"] + arguments)
      #expect(result.status == 0 && result.output.isEmpty && result.error.isEmpty, "\(result)")
    }
    let json = try fixture.json("image", "verify", "--format=json")
    #expect(json["images"]?.number?.integer(as: Int.self) == 1)
    #expect(json["findings"]?.array?.isEmpty == true)
  }

  @Test("tells of a damaged image in one line, changes nothing, and ends with 1")
  func damaged() throws {
    let fixture = try CommandFixture()
    let good = try fixture.importImage(try fixture.makeSmallImage("good", files: ["a": "good"]))
    let id = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "hello"]))
    try fixture.damage(id, "s/hello/jello/")
    for _ in 0..<2 {
      let result = try fixture.appc("image", "verify", "--no-trees")
      #expect(result.status == 1 && result.error.isEmpty, "\(result)")
      #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
      #expect(result.output.contains(id.prefix(19)) && !result.output.contains(good.prefix(19)))
    }
    #expect(try fixture.appc("image", "verify", good).status == 0)
    #expect(try fixture.appc("image", "verify", id).status == 1)
    let finding = try fixture.json("image", "verify", "--format=json")["findings"]?.array?[0]
    #expect(finding?["image"]?.string == id && finding?["problem"]?.string == "damaged blob")
  }

  @Test("ends with 254 when something could not be checked, and with 1 when something else is damaged too")
  func unreadable() throws {
    let fixture = try CommandFixture()
    let id = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "hello"]))
    let tight = ["image", "verify", "--limits=entries=1"]
    let result = try fixture.appc(tight)
    #expect(result.status == 254 && result.output.contains("unreadable"), "\(result)")
    try fixture.shell("echo nothing > '\(fixture.data.appending("remotes/x.json"))'")
    let both = try fixture.appc(tight)
    #expect(both.status == 1 && both.output.contains("unreadable"), "\(both)")
    #expect(both.output.contains("damaged remote record"), "\(both)")
    #expect(try fixture.appc("image", "verify", "--repair", id).status == 0)
    #expect(try fixture.appc("image", "verify", "--repair").status == 1)
    #expect(try fixture.appc("image", "verify").status == 0)
  }

  @Test("puts a damaged image aside when it is to repair, and then finds nothing more")
  func repair() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a": "hello"])
    let id = try fixture.importImage(image)
    try fixture.damage(id, "s/hello/jello/")
    let result = try fixture.appc("image", "verify", "--repair")
    #expect(result.status == 1 && result.output.contains("quarantine"), "\(result)")
    #expect(try fixture.appc("image", "list", "--no-legend").output.isEmpty)
    #expect(try fixture.appc("image", "verify").status == 0)
    #expect(try fixture.importImage(image) == id)
    #expect(try fixture.appc("image", "verify", id).status == 0)
  }

  @Test(
    "is refused for what is not in the store", arguments: ["sha512-aa", "example.com/none", "./file.aci"])
  func unknown(reference: String) throws {
    let result = try CommandFixture().appc("image", "verify", reference)
    #expect(result.status == 254 && result.error.split(separator: "\n").count == 1, "\(result.error)")
  }
}
