// swift-tools-version: 6.0
import PackageDescription

// A package that depends on swift-appc as any importer does: by URL and version. `test.sh` puts a clone of this
// repository in the place of the URL.
let package = Package(
  name: "consumer",
  dependencies: [
    .package(url: "https://example.com/swift-appc.git", from: "0.1.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .executableTarget(
      name: "RunImage",
      dependencies: [
        .product(name: "ACIStore", package: "swift-appc"),
        .product(name: "AppcSchema", package: "swift-appc"),
        .product(name: "Stage", package: "swift-appc"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    // The README's examples of the other products: they only have to compile.
    .target(
      name: "Products",
      dependencies: [
        .product(name: "AppcSchema", package: "swift-appc"),
        .product(name: "ACIArchive", package: "swift-appc"),
        .product(name: "ACIBuild", package: "swift-appc"),
        .product(name: "AppcEngine", package: "swift-appc"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "RunImageTests",
      dependencies: [
        "Products", "RunImage",
        .product(name: "AppcTesting", package: "swift-appc"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
  ]
)
