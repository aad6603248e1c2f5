import AppcSchema
import Glibc
import SystemPackage
import Testing

extension CommandFixture {
  /// An image `NAME-VERSION.aci` of a few files, given by their paths beneath the root file system.
  func makeSmallImage(
    _ name: String, version: String = "1", files: [String: String] = [:], dependencies: [String] = []
  ) throws -> FilePath {
    let layout = directory.appending("\(name)-\(version)")
    try shell("mkdir -p '\(layout)/rootfs'")
    for (path, content) in files {
      let file = layout.appending("rootfs").appending(path)
      try shell("mkdir -p '\(file.removingLastComponent())'")
      try write(content, to: file)
    }
    let needed = dependencies.map { "{\"imageName\": \"example.com/\($0)\"}" }.joined(separator: ",")
    try write(
      """
      {"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/\(name)",
       "labels": [{"name": "version", "value": "\(version)"}], "dependencies": [\(needed)]}
      """, to: layout.appending("manifest"))
    let image = directory.appending("\(name)-\(version).aci")
    let built = try appc("build", layout.string, image.string)
    try #require(built.status == 0, "\(built.error)")
    return image
  }

  /// The ID that importing an image file gives.
  func importImage(_ image: FilePath) throws -> String {
    let imported = try appc("image", "import", image.string)
    try #require(imported.status == 0, "\(imported.error)")
    return String(imported.output.dropLast())
  }

  /// What a command prints, as JSON.
  func json(_ arguments: String...) throws -> JSONValue {
    let result = try appc(arguments)
    return try JSONValue.parse(Array(result.output.utf8.dropLast()))
  }

  /// Hidden things in the fixture's directory: what an operation that failed may have left.
  func hidden() throws -> [String] { try names(in: directory).filter { $0.hasPrefix(".") } }

  func exists(_ name: String) -> Bool { access(directory.appending(name).string, F_OK) == 0 }
}

extension CommandFixture {
  /// Changes the bytes of a stored image with a program for sed, and leaves everything else as it is.
  func damage(_ id: String, _ program: String) throws {
    let shard = id.dropFirst("sha512-".utf8.count).prefix(2)
    let blob = data.appending("blobs/sha512/\(shard)/\(id)")
    try shell("chmod u+w '\(blob)' && sed -i '\(program)' '\(blob)' && chmod 0400 '\(blob)'")
  }
}
