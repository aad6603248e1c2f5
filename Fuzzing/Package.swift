// swift-tools-version: 6.3
import PackageDescription

// What libFuzzer drives, and the rooms that it fuzzes (`Rooms` is a link to `Sources`): a package of its own, for all
// of it is built with flags that no importer's package may have. `Scripts/fuzz` has them.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
  name: "Fuzzing",
  dependencies: [
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .executableTarget(
      name: "SchemaFuzzer", dependencies: ["FuzzSupport", "AppcSchema"], path: "Schema", swiftSettings: house),
    .executableTarget(
      name: "ArchiveFuzzer",
      dependencies: ["FuzzSupport", "ACIArchive", "ACIStore", "CAppcDeflate", systemPackage],
      path: "Archive", swiftSettings: house),
    .executableTarget(
      name: "StoreFuzzer",
      dependencies: ["FuzzSupport", "ACIArchive", "ACIStore", "AppcSchema", systemPackage],
      path: "Store", swiftSettings: house),
    .target(name: "FuzzSupport", path: "Support", swiftSettings: house),

    // As in the package above, whose comments say more.
    .target(name: "AppcSchema", path: "Rooms/AppcSchema", swiftSettings: house),
    .target(name: "CAppcLinux", path: "Rooms/CAppcLinux", cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "CAppcArchive", path: "Rooms/CAppcArchive", cSettings: [.define("_GNU_SOURCE")]),
    .systemLibrary(name: "CAppcISAL", path: "Rooms/CAppcISAL", pkgConfig: "libisal"),
    .systemLibrary(name: "CAppcDeflate", path: "Rooms/CAppcDeflate", pkgConfig: "libdeflate"),
    .systemLibrary(name: "CAppcCrypto", path: "Rooms/CAppcCrypto", pkgConfig: "libcrypto"),
    .target(
      name: "ACIArchive",
      dependencies: [
        "AppcSchema", "CAppcArchive", "CAppcCrypto", "CAppcDeflate", "CAppcISAL", "CAppcLinux", systemPackage,
      ],
      path: "Rooms/ACIArchive", swiftSettings: house),
    .target(
      name: "ACIStore", dependencies: ["AppcSchema", "ACIArchive", "CAppcLinux", systemPackage, logging],
      path: "Rooms/ACIStore", swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)
