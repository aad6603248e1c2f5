// swift-tools-version: 6.3
import PackageDescription

let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func appc(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-appc") }
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let benchmark: Target.Dependency = .product(name: "Benchmark", package: "benchmark")
let benchmarkPlugin: Target.PluginUsage = .plugin(name: "BenchmarkPlugin", package: "benchmark")

// A package of its own, so that whoever imports swift-appc resolves and builds none of what this needs.
let package = Package(
  name: "swift-appc-benchmarks",
  dependencies: [
    .package(name: "swift-appc", path: ".."),
    // Its traits count allocations with an interposer that would be timed as well.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .target(name: "CMeasuring", cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "Measuring", dependencies: [systemPackage], swiftSettings: house),
    .target(
      name: "LaunchFixture", dependencies: ["Measuring", appc("AppcSchema"), appc("Stage"), systemPackage],
      swiftSettings: house),
    .executableTarget(
      name: "launch-comparison",
      dependencies: [
        "CMeasuring", "LaunchFixture", "Measuring", appc("AppcSchema"), appc("Stage"), systemPackage,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    .target(name: "SchemaFixture", dependencies: ["Measuring", appc("AppcSchema")], swiftSettings: house),
    .executableTarget(
      name: "schema-comparison",
      dependencies: [
        "CMeasuring", "Measuring", "SchemaFixture", appc("AppcSchema"), systemPackage,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "image-comparison",
      dependencies: [
        "CMeasuring", "Measuring", appc("ACIArchive"), appc("ACIStore"), appc("AppcSchema"), systemPackage,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    // The plugin `benchmark` finds its targets by the name of the directory above theirs, which is this one.
    .executableTarget(
      name: "LaunchBenchmarks",
      dependencies: ["LaunchFixture", appc("Stage"), benchmark], path: "LaunchBenchmarks",
      swiftSettings: house, plugins: [benchmarkPlugin]),
    .executableTarget(
      name: "ImageBenchmarks",
      dependencies: [appc("ACIArchive"), appc("AppcSchema"), appc("AppcTesting"), systemPackage, benchmark],
      path: "ImageBenchmarks", swiftSettings: house, plugins: [benchmarkPlugin]),
    .executableTarget(
      name: "SchemaBenchmarks", dependencies: ["SchemaFixture", benchmark], path: "SchemaBenchmarks",
      swiftSettings: house, plugins: [benchmarkPlugin]),
  ],
  swiftLanguageModes: [.v6]
)
