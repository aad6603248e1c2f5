import Benchmark
import LaunchFixture
import Stage

/// Launch to exit of `/bin/true` from this process.
///
/// Every namespace but that of users, an overlay for each app, a cgroup. The pod's directory is removed outside the
/// measured time.
let benchmarks: @Sendable () -> Void = {
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock], timeUnits: .microseconds, warmupIterations: 3,
    maxDuration: .seconds(10), maxIterations: 200)

  for count in [1, 4, 16] {
    Benchmark("Launch to exit, apps: \(count)", configuration: configuration) { benchmark in
      let fixture = try LaunchFixture()
      defer { fixture.remove() }
      for _ in benchmark.scaledIterations {
        let specification = try fixture.specification(apps: count)
        benchmark.startMeasurement()
        try fixture.run(specification)
        benchmark.stopMeasurement()
        try fixture.pods.remove(specification.uuid)
      }
    }
  }
}
