import Testing

@testable import AppcSchema

/// Which mounts of an app get in each other's way (K2).
@Suite("Targets of mounts")
struct MountTargetTests {
  @Test("a target is compared with all before it, part by part")
  func relations() {
    var targets = MountTargets()
    #expect(targets.insert("/a/b") == .apart)
    #expect(targets.insert("/a/bc") == .apart)
    #expect(targets.insert("//a/./b/") == .same("/a/b"))
    #expect(targets.insert("/a/b/c/d") == .overlapping("/a/b"))
    #expect(targets.insert("/a") == .overlapping("/a/b"))
    #expect(targets.insert("/x") == .apart)
    #expect(targets.insert("/") == .overlapping("/a/b"))
    #expect(targets.insert("/y") == .overlapping("/"))
  }

  @Test("a directory is a target only if one ends there")
  func lookup() {
    var targets = MountTargets()
    #expect(!targets.contains("/"))
    _ = targets.insert("/a/b")
    #expect(targets.contains("a//b/.") && !targets.contains("/a") && !targets.contains("/a/b/c"))
    _ = targets.insert("")
    #expect(targets.contains("/"))
  }

  @Test("a path that no kernel takes is an error, however many parts it has")
  func longPath() {
    let path = String(repeating: "/a", count: 1 << 20)
    let app = RuntimeApp(
      name: "a", image: RuntimeImage(), app: App(exec: ["a"]), mounts: [Mount(volume: "v", path: path)])
    let pod = PodManifest(apps: [app], volumes: [.empty(name: "v")])
    let problems = pod.reificationProblems { _ in nil }
    #expect(problems.contains { $0.rule == "K6" && $0.severity == .error && $0.message.utf8.count < 200 })
  }
}
