// swift-tools-version: 6.0
import PackageDescription

// A package that takes AppcSchema of swift-appc and nothing else, by URL and version. `test.sh` puts a clone of this
// repository in the place of the URL, and builds it where none of the libraries of the other products are.
let package = Package(
  name: "schema-consumer",
  dependencies: [
    .package(url: "https://example.com/swift-appc.git", from: "0.1.0")
  ],
  targets: [
    .executableTarget(
      name: "ReadManifest",
      dependencies: [.product(name: "AppcSchema", package: "swift-appc")]),
    .testTarget(
      name: "ReadManifestTests",
      dependencies: ["ReadManifest", .product(name: "AppcSchema", package: "swift-appc")]),
  ]
)
