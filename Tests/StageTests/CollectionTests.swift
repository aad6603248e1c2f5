import AppcSchema
import Glibc
import Stage
import SystemPackage
import Testing

@Suite("Collecting pods", .needsRoot)
struct CollectionTests {
  @Test("keeps an exited pod for the grace period, and a running one always")
  func grace() throws {
    let fixture = try PodFixture()
    _ = try fixture.run("exit 0")
    let running = try fixture.pods.launch(
      fixture.specification([("app", App(exec: ["/bin/sleep", "1000"]))]))
    #expect(try fixture.pods.collectGarbage().removed.isEmpty)
    #expect(try fixture.pods.list().count == 2)
    #expect(try fixture.pods.collectGarbage(.init(grace: 0)).removed.count == 1)
    #expect(try fixture.pods.list().map(\.uuid) == [running.uuid])
    let error = #expect(throws: StageError.self) { try fixture.pods.remove(running.uuid) }
    #expect(error?.code == .busy)
    running.kill()
    _ = try running.wait()
    try fixture.pods.remove(running.uuid)
    #expect(try fixture.pods.list().isEmpty)
  }

  @Test("marks only, when asked to")
  func markOnly() throws {
    let fixture = try PodFixture()
    _ = try fixture.run("exit 3")
    let report = try fixture.pods.collectGarbage(.init(grace: 0, markOnly: true))
    #expect(report.marked.count == 1 && report.removed.isEmpty)
    #expect(try fixture.pods.list().map(\.exitStatus) == [3])
  }

  @Test("takes what was left half made, and tolerates a pod without any file")
  func halfMade() throws {
    let fixture = try PodFixture()
    for state in ["preparing", "garbage"] {
      try fixture.shell("mkdir '\(fixture.directory)/pods/\(state)/\(PodUUID())'")
    }
    let broken = PodUUID()
    try fixture.shell(
      "mkdir -p '\(fixture.directory)/pods/run/\(broken)/apps' && echo '{' > '\(fixture.directory)/pods/run/\(broken)/pod.json'"
    )
    #expect(try fixture.pods.status(of: broken).state == .exited)
    #expect(try fixture.pods.collectGarbage(.init(grace: 0)).removed.count == 3)
  }

  @Test("removes trees of any depth, with every kind of file, and follows no link")
  func anyTree() throws {
    let fixture = try PodFixture()
    try fixture.shell("mkdir '\(fixture.directory)/outside' && touch '\(fixture.directory)/outside/kept'")
    let result = try fixture.run(
      """
      i=0; while [ $i -lt 400 ]; do /bin/busybox mkdir d && cd d || break; i=$((i+1)); done; touch deep
      cd /; ln -s '\(fixture.directory)/outside' link; /bin/busybox mkfifo pipe; /bin/busybox mkdir closed; touch closed/x
      /bin/busybox chmod 000 closed; mknod null c 1 3; echo made
      """)
    #expect(result.output == "made\n")
    let uuid = try #require(try fixture.pods.list().first?.uuid)
    try fixture.pods.remove(uuid)
    #expect(try fixture.pods.list().isEmpty)
    #expect(access("\(fixture.directory)/outside/kept", F_OK) == 0)
  }

  @Test("may be done by many at once")
  func concurrently() async throws {
    let fixture = try PodFixture()
    for _ in 0..<6 { _ = try fixture.run("exit 0") }
    let pods = fixture.pods
    let reports = try await withThrowingTaskGroup(of: Pods.CollectionReport.self) { group in
      for _ in 0..<4 { group.addTask { try pods.collectGarbage(.init(grace: 0)) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(reports.flatMap(\.removed)).count == 6)
    #expect(try fixture.pods.list().isEmpty)
  }

  @Test("finds a pod by the start of its UUID, and says when there are several or none")
  func prefixes() throws {
    let fixture = try PodFixture()
    _ = try fixture.run("exit 0")
    let uuid = try #require(try fixture.pods.list().first?.uuid)
    #expect(try fixture.pods.uuid(matching: uuid.short) == uuid)
    #expect(try fixture.pods.uuid(matching: String(uuid.description.filter { $0 != "-" })) == uuid)
    for prefix in ["", "zz"] {
      let error = #expect(throws: StageError.self) { try fixture.pods.uuid(matching: prefix) }
      #expect(error?.code == .notFound)
    }
    let twins = ["0f0f0f0f-0000-4000-8000-000000000001", "0f0f0f0f-0000-4000-8000-000000000002"]
    for twin in twins { try fixture.shell("mkdir '\(fixture.directory)/pods/run/\(twin)'") }
    let error = #expect(throws: StageError.self) { try fixture.pods.uuid(matching: "0f0f") }
    #expect(error?.code == .ambiguous)
    #expect(twins.allSatisfy { error?.description.contains($0) == true })
  }

  @Test("works where control groups are v2 alone, device rules included")
  func unifiedOnly() throws {
    let unified = try #require(try CgroupHierarchies.detect().unified)
    let fixture = try PodFixture(hierarchies: CgroupHierarchies(unified: unified))
    let result = try fixture.run(
      "mknod /dev/disk b 8 0 && echo made; cat /dev/null && mknod /dev/n c 1 3 && echo ok; cat /proc/self/cgroup | /bin/busybox grep ^0"
    )
    #expect(!result.output.contains("made"))
    #expect(result.output.contains("ok\n0::/\n"))
    #expect(try fixture.pods.collectGarbage(.init(grace: 0)).removed.count == 1)
  }
}
