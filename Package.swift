// swift-tools-version: 6.3
import PackageDescription

/// Every Swift target is compiled alike: Swift 6 language mode with the upcoming features that keep an
/// importer's build free of our dependencies' names.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
  name: "swift-appc",
  products: [
    .library(name: "AppcSchema", targets: ["AppcSchema"]),
    .library(name: "ACIArchive", targets: ["ACIArchive"]),
    .library(name: "ACIStore", targets: ["ACIStore"]),
    .library(name: "ACIBuild", targets: ["ACIBuild"]),
    .library(name: "Stage", targets: ["Stage"]),
    .library(name: "AppcEngine", targets: ["AppcEngine"]),
    .library(name: "AppcTesting", targets: ["AppcTesting"]),
    .executable(name: "appc", targets: ["appc"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // The ground floor: values, no I/O, no dependencies.
    .target(name: "AppcSchema", swiftSettings: house),

    // The cellar: what Swift cannot call, and the system's libraries.
    .target(name: "CAppcLinux", cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "CAppcArchive", cSettings: [.define("_GNU_SOURCE")]),
    .systemLibrary(
      name: "CAppcISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(
      name: "CAppcDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(
      name: "CAppcCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CAppcCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),

    // The middle floor.
    .target(
      name: "ACIArchive",
      dependencies: [
        "AppcSchema", "CAppcArchive", "CAppcCrypto", "CAppcDeflate", "CAppcISAL", "CAppcLinux",
        systemPackage,
      ],
      swiftSettings: house),
    .target(
      name: "ACIStore",
      dependencies: ["AppcSchema", "ACIArchive", "CAppcLinux", systemPackage, logging],
      swiftSettings: house),
    .target(
      name: "ACIBuild",
      dependencies: ["AppcSchema", "ACIArchive", "CAppcLinux", systemPackage, logging],
      swiftSettings: house),
    .target(
      name: "Stage",
      dependencies: ["AppcSchema", "CAppcCap", "CAppcLinux", systemPackage, logging],
      swiftSettings: house,
      plugins: ["EmbedStageInit"]),

    // Pid 1 of a pod. Sources/StageInit is no target (DESIGN.md, section 7): the plugin's tool
    // compiles it with the toolchain's own compilers and writes its bytes into Stage.
    .plugin(
      name: "EmbedStageInit", capability: .buildTool(), dependencies: ["stageinit-builder"]),
    .executableTarget(name: "stageinit-builder", swiftSettings: house),

    // The upper floor.
    .target(
      name: "AppcEngine",
      dependencies: [
        "AppcSchema", "ACIArchive", "ACIStore", "ACIBuild", "Stage", systemPackage, logging,
      ],
      swiftSettings: house),
    .executableTarget(
      name: "appc",
      dependencies: [
        "AppcEngine", "AppcSchema", systemPackage, logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    // Shared by our tests and importers' tests.
    .target(
      name: "AppcTesting",
      dependencies: ["AppcSchema", "ACIArchive", "ACIBuild", "ACIStore", systemPackage],
      swiftSettings: house),

    .testTarget(
      name: "AppcSchemaTests", dependencies: ["AppcSchema"], exclude: ["Cases"], swiftSettings: house),
    .testTarget(
      name: "ConformanceTests", dependencies: ["AppcSchema"], exclude: ["Cases"], swiftSettings: house),
    .testTarget(
      name: "ACIArchiveTests",
      dependencies: ["ACIArchive", "AppcSchema", "AppcTesting", "CAppcLinux", systemPackage],
      exclude: ["Cases"],
      swiftSettings: house),
    .testTarget(
      name: "ACIStoreTests",
      dependencies: ["ACIStore", "ACIArchive", "AppcSchema", "AppcTesting", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "ACIBuildTests",
      dependencies: ["ACIBuild", "ACIArchive", "AppcSchema", "AppcTesting", systemPackage],
      swiftSettings: house),
    // The pure parts of pid 1 once more, as a normal target, so that tests can reach them.
    .target(name: "StageInitPlan", path: "Sources/StageInit/Plan", swiftSettings: house),
    .testTarget(
      name: "StageTests",
      dependencies: ["Stage", "StageInitPlan", "AppcSchema", "AppcTesting", "CAppcLinux", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "AppcEngineTests",
      dependencies: ["AppcEngine", "AppcSchema", "AppcTesting", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "AppcCommandTests",
      dependencies: ["AppcEngine", "AppcSchema", "AppcTesting", "appc", systemPackage],
      swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
