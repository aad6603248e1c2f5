import Benchmark
import SchemaFixture

/// Reading a manifest of 2 KB and one of 5 MB, by AppcSchema and by Foundation.
///
/// For ratios of one run, the scaling and hostile documents see `compare-schema`.
let benchmarks: @Sendable () -> Void = {
  let typical = Benchmark.Configuration(
    metrics: [.wallClock], timeUnits: .nanoseconds, warmupIterations: 10, scalingFactor: .kilo,
    maxDuration: .seconds(3), maxIterations: 300)
  let large = Benchmark.Configuration(
    metrics: [.wallClock, .cpuTotal], timeUnits: .milliseconds, warmupIterations: 1,
    maxDuration: .seconds(5), maxIterations: 50)

  for candidate in ReadingCandidate.all(of: TypicalManifest.written) {
    Benchmark("2 KB, \(candidate.name)", configuration: typical) { benchmark in
      for _ in benchmark.scaledIterations { try candidate.read() }
    }
  }
  for candidate in ReadingCandidate.all(of: LargeManifest.bytes()) {
    Benchmark("5 MB, \(candidate.name)", configuration: large) { benchmark in
      for _ in benchmark.scaledIterations { try candidate.read() }
    }
  }
  for document in EditedDocument.all {
    Benchmark("64,000 elements, \(document.name), written", configuration: large) { benchmark in
      let write = try document.writer(count: 64_000)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(try write()) }
      benchmark.stopMeasurement()
    }
  }
}
