import AppcEngine
import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("The engine")
struct EngineTests {
  @Test("reads the data directory from rkt's files, later directories and files over earlier ones")
  func configuration() throws {
    let directory = FilePath("/dev/shm/appc-engine-test-\(PodUUID())")
    defer { _ = system("rm -rf '\(directory)'") }
    let script = """
      mkdir -p '\(directory)/system/paths.d' '\(directory)/local/paths.d' \
      && echo '{"rktKind":"paths","rktVersion":"v1","data":"/s"}' > '\(directory)/system/paths.d/a.json' \
      && echo '{"rktKind":"auth","rktVersion":"v1"}' > '\(directory)/local/paths.d/a.json' \
      && echo 'not json' > '\(directory)/local/paths.d/README'
      """
    #expect(system(script) == 0)
    let configuration = Configuration(
      system: directory.appending("system"), local: directory.appending("local"))
    #expect(try configuration.dataDirectory(isRoot: true, environment: [:]) == "/s")
    #expect(
      system(
        "echo '{\"rktKind\":\"paths\",\"rktVersion\":\"v1\",\"data\":\"/l\"}' > '\(directory)/local/paths.d/b.json'"
      ) == 0)
    #expect(try configuration.dataDirectory(isRoot: true, environment: [:]) == "/l")
    for broken in [
      "{", "{\"rktKind\":\"paths\",\"rktVersion\":\"v9\"}",
      "{\"rktKind\":\"paths\",\"rktVersion\":\"v1\",\"data\":\"rel\"}",
    ] {
      #expect(system("printf '%s' '\(broken)' > '\(directory)/local/paths.d/c.json'") == 0)
      let error = #expect(throws: EngineError.self) {
        try configuration.dataDirectory(isRoot: true, environment: [:])
      }
      #expect(error?.description.contains("c.json") == true)
    }
  }

  @Test("uses /var/lib/appc as root, and the XDG data directory otherwise")
  func defaults() throws {
    let nowhere = Configuration(system: "/no/such", local: "/no/such")
    #expect(try nowhere.dataDirectory(isRoot: true, environment: ["HOME": "/h"]) == "/var/lib/appc")
    #expect(try nowhere.dataDirectory(isRoot: false, environment: ["HOME": "/h"]) == "/h/.local/share/appc")
    #expect(
      try nowhere.dataDirectory(isRoot: false, environment: ["HOME": "/h", "XDG_DATA_HOME": "/x"])
        == "/x/appc")
    #expect(throws: EngineError.self) { try nowhere.dataDirectory(isRoot: false, environment: [:]) }
  }

  @Test("runs blocking work outside the cooperative pool, and passes its result and errors on")
  func perform() async throws {
    let directory = FilePath("/dev/shm/appc-engine-test-\(PodUUID())")
    defer { _ = system("rm -rf '\(directory)'") }
    let engine = try Engine(directory: directory)
    // More at once than there are threads in the pool.
    let sums = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<32 {
        group.addTask {
          try await engine.perform { _ in
            usleep(20_000)
            return number
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(sums == 496)
    await #expect(throws: EngineError.self) {
      _ = try await engine.perform { try $0.podStatus(matching: "ffff") }
    }
  }
}
