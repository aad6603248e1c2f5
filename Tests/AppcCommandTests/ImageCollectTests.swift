import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc image gc and usage")
struct ImageCollectTests {
  /// Makes it look as if an image was last used long ago.
  private func age(_ id: String, days: Int, in fixture: CommandFixture) throws {
    let used = fixture.data.appending("used").appending(id)
    try fixture.shell("touch -d '-\(days) days' '\(used)'")
    let record = fixture.data.appending("images/\(id).json")
    try fixture.shell(
      "sed -i 's/\"importedAtSeconds\": [0-9]*/\"importedAtSeconds\": 1000000000/' '\(record)'")
  }

  @Test("removes what was not used for the grace period, and says what and how much")
  func grace() throws {
    let fixture = try CommandFixture()
    let old = try fixture.importImage(try fixture.makeSmallImage("old", files: ["a": "old"]))
    let new = try fixture.importImage(try fixture.makeSmallImage("new", files: ["a": "new"]))
    try age(old, days: 3, in: fixture)
    let kept = try fixture.appc("image", "gc", "--grace-period=100h")
    #expect(kept.status == 0 && kept.output == "freed 0B\n", "\(kept)")
    let trial = try fixture.appc("image", "gc", "--dry-run")
    #expect(trial.output.hasPrefix("would remove image \(old) example.com/old:1\nwould free "), "\(trial)")
    let json = try fixture.json("image", "gc", "--dry-run", "--format=json")
    #expect(json["images"]?.array?.map(\.string) == [old])
    let done = try fixture.appc("image", "gc")
    #expect(done.output.hasPrefix("removed image \(old) example.com/old:1\nfreed "), "\(done)")
    #expect(try fixture.appc("image", "list", "--full", "--no-legend", "--fields=id").output == new + "\n")
  }

  @Test("removes what was used least recently until the store is small enough")
  func size() throws {
    let fixture = try CommandFixture()
    var ids: [String] = []
    for (number, name) in ["one", "two", "three"].enumerated() {
      let image = try fixture.makeSmallImage(name, files: ["a": String(repeating: name, count: 100_000)])
      ids.append(try fixture.importImage(image))
      try fixture.shell(
        "touch -d '-\(30 - number) minutes' '\(fixture.data.appending("used").appending(ids[number]))'")
    }
    #expect(try fixture.appc("image", "gc", "--max-size=1GiB").output == "freed 0B\n")
    let result = try fixture.appc("image", "gc", "--max-size", "700K")
    #expect(result.status == 0, "\(result)")
    #expect(
      try fixture.appc("image", "list", "--no-legend", "--fields=name").output == "example.com/three:1\n")
    let all = try fixture.appc("image", "gc", "--max-size=0")
    #expect(try fixture.appc("image", "list", "--no-legend").output.isEmpty)
    #expect(all.output.contains("freed"))
  }

  @Test("removes damaged images that were put aside only when asked")
  func quarantine() throws {
    let fixture = try CommandFixture()
    let id = try fixture.importImage(try fixture.makeSmallImage("web", files: ["a": "hello"]))
    try fixture.damage(id, "s/hello/jello/")
    #expect(try fixture.appc("image", "verify", "--repair").status == 1)
    #expect(try fixture.appc("image", "gc").output == "freed 0B\n")
    let result = try fixture.appc("image", "gc", "--quarantine")
    #expect(result.output.hasPrefix("removed quarantined images: 1\nfreed "), "\(result)")
    #expect(try fixture.names(in: fixture.data.appending("quarantine")).isEmpty)
  }

  @Test("keeps the images of a pod that runs, whatever their age", .needsRoot)
  func runningPod() throws {
    let fixture = try CommandFixture()
    let id = try fixture.importImage(try fixture.makeImage())
    let started = try fixture.start(["run", id, "--exec", "/bin/sleep", "--", "60"])
    while try !fixture.appc("list", "--no-legend").output.contains("running") { usleep(10000) }
    try age(id, days: 3, in: fixture)
    let during = try fixture.appc("image", "gc", "--grace-period=0")
    kill(started.pid, SIGTERM)
    _ = fixture.wait(for: started.pid)
    #expect(during.status == 0 && !during.output.contains(id), "\(during)")
    #expect(try fixture.appc("gc", "--grace-period=0").status == 0)
    #expect(try fixture.appc("image", "gc", "--grace-period=0").output.contains("removed image \(id)"))
  }

  @Test("keeps image and tree of a pod that is only prepared, and verify leaves that tree where it is")
  func preparedPod() throws {
    let fixture = try CommandFixture()
    let image = try fixture.makeSmallImage("web", files: ["a": "hello"])
    let imported = try fixture.appc("image", "import", "--render", image.string)
    let id = String(imported.output.dropLast())
    let trees = fixture.data.appending("trees")
    let tree = try #require(try fixture.names(in: trees).first)
    let pod = fixture.data.appending("pods/prepared/6733c088-a507-4694-aabf-000000000001")
    try fixture.shell("mkdir -p '\(pod)'")
    try fixture.write(
      """
      {"acKind": "PodManifest", "acVersion": "0.8.11", "apps": [{"name": "web", "image": {"id": "\(id)"}}]}
      """, to: pod.appending("pod.json"))
    #expect(try fixture.appc("image", "gc", "--grace-period=0").output == "freed 0B\n")
    try fixture.shell("echo jello > '\(trees)/\(tree)/rootfs/a'")
    let verified = try fixture.appc("image", "verify", "--repair")
    #expect(verified.status == 1 && verified.output.contains("a pod uses it"), "\(verified)")
    #expect(try fixture.names(in: trees) == [tree])
    try fixture.shell("rm -r '\(pod)'")
    let collected = try fixture.appc("image", "gc", "--grace-period=0").output
    #expect(collected.contains("removed image \(id)"), "\(collected)")
    #expect(collected.contains("removed tree \(tree)"), "\(collected)")
  }

  @Test("usage counts every part of the store")
  func usage() throws {
    let fixture = try CommandFixture()
    _ = try fixture.importImage(
      try fixture.makeSmallImage("web", files: ["a": String(repeating: "x", count: 100_000)]))
    let table = try fixture.appc("image", "usage").output.split(separator: "\n")
    #expect(
      table.map { $0.prefix { $0 != " " } } == [
        "PART", "images", "trees", "records", "unfinished", "quarantine", "total",
      ])
    for arguments in [[], ["--exact"]] {
      let result = try fixture.appc(["image", "usage", "--format=json"] + arguments)
      let json = try JSONValue.parse(Array(result.output.utf8.dropLast()))
      #expect(json["images"]?["count"]?.number?.integer(as: Int.self) == 1)
      let files = try #require(json["images"]?["apparent_bytes"]?.number?.integer(as: Int.self))
      #expect((100_000..<120_000).contains(files))
      #expect((json["total"]?["bytes"]?.number?.integer(as: Int.self) ?? 0) >= files)
    }
  }

  @Test(
    "refuses what is no duration and no size",
    arguments: [
      ["gc", "--grace-period=soon"], ["gc", "--max-size=lots"], ["gc", "--max-size=-1"], ["usage", "x"],
    ])
  func refusals(arguments: [String]) throws {
    let result = try CommandFixture().appc(["image"] + arguments)
    #expect(result.status == 254 && result.error.split(separator: "\n").count == 1, "\(result.error)")
  }
}
