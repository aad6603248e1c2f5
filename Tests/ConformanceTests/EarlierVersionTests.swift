import AppcSchema
import Testing

/// The examples that each earlier version of the specification was shipped with.
@Suite("Documents of earlier versions")
struct EarlierVersionTests {
  private func examples(_ type: String) -> [ConformanceCase] {
    CaseFiles.all.cases.filter { $0.type == type && $0.reason("note").hasPrefix("v0.") }
  }

  @Test("V: the example images of every earlier version are read, and what they say is what it means today")
  func images() throws {
    let examples = examples("ImageManifest/json")
    #expect(examples.count >= 8)
    for test in examples {
      let manifest = try ImageManifest.read(Array(test.input.utf8)).value
      #expect(manifest.labels["version"] == "1.0.0", "\(test.place)")
      #expect(manifest.dependencies.map(\.imageName) == ["example.com/reduce-worker-base"])
      let app = try #require(manifest.app)
      #expect(app.environment["REDUCE_WORKER_DEBUG"] == "true")
      let memory = try #require(app.isolators.memory?.limit)
      // Up to 0.3 a G was a power of 1024.
      #expect(
        memory.value == (test.input.contains("\"memory/limit\"") ? 1 << 30 : 1_000_000_000), "\(test.place)")
    }
  }

  @Test("V: the example pods of every earlier version are read, with their apps and volumes")
  func pods() throws {
    let examples = examples("PodManifest/json")
    #expect(examples.count >= 14)
    for test in examples {
      let manifest = try PodManifest.read(Array(test.input.utf8)).value
      let names = ["reduce-worker", "worker-backup", "reduce-worker-register"].map { "example.com/" + $0 }
      #expect(manifest.apps.compactMap(\.image.name?.text) == names, "\(test.place)")
      if test.input.contains("\"volumes\"") {
        let host = try #require(manifest.volumes.first { $0.kind == .host })
        #expect(host.source == "/opt/tenant1/database" && host.readOnly == true, "\(test.place)")
      }
      #expect(manifest.isolators.memory?.limit != nil, "\(test.place)")
    }
  }

  @Test(
    "V: strict reading takes a document of an earlier version only if today's reading of it changes nothing")
  func strict() {
    for test in examples("ImageManifest/json") + examples("PodManifest/json") where test.isOfEarlierVersion {
      #expect(test.outcome(.strict)?.isAccepted == false, "\(test.place)")
    }
  }
}
