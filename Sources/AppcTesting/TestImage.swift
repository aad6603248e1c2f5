public import AppcSchema

/// An image made from values, for tests.
///
/// ```swift
/// let image = TestImage("example.com/app", files: ["bin/app": "#!/bin/sh"])
/// let imported = try store.importImage(image.bytes)
/// ```
public struct TestImage: Sendable {
  /// The manifest's bytes.
  public var manifest: [UInt8]
  /// What follows the manifest, by default beginning with `rootfs`.
  public var entries: [RawTar.Entry]

  /// An image with a manifest of a name, labels, dependencies and a whitelist, and files in its root file system.
  ///
  /// Paths in `files` are relative to the root file system; their parents are made.
  public init(
    _ name: String, labels: [(String, String)] = [], dependencies: [JSONValue] = [], whitelist: [String] = [],
    files: KeyValuePairs<String, String> = [:], app: JSONValue? = nil
  ) {
    var object = JSONObject()
    object["acKind"] = "ImageManifest"
    object["acVersion"] = "0.8.11"
    object["name"] = .string(name)
    if !labels.isEmpty {
      object["labels"] = .array(labels.map { ["name": .string($0.0), "value": .string($0.1)] })
    }
    if !dependencies.isEmpty { object["dependencies"] = .array(dependencies) }
    if !whitelist.isEmpty { object["pathWhitelist"] = .array(whitelist.map(JSONValue.string)) }
    if let app { object["app"] = app }
    self.init(manifest: JSONValue.object(object).serialized(), entries: TestImage.rootfs(files))
  }

  /// An image of any manifest and members.
  public init(manifest: [UInt8], entries: [RawTar.Entry]) {
    self.manifest = manifest
    self.entries = entries
  }

  /// The uncompressed image.
  public var bytes: [UInt8] {
    RawTar([RawTar.Entry("manifest", content: manifest)] + entries).bytes
  }

  /// The image in a gzip member.
  public var gzipped: [UInt8] { StoredGzip.member(bytes) }

  /// The members of a root file system that holds these files.
  public static func rootfs(_ files: KeyValuePairs<String, String>) -> [RawTar.Entry] {
    var entries: [RawTar.Entry] = [.directory("rootfs")]
    var made: [String] = []
    for (path, content) in files {
      let parents = path.split(separator: "/").dropLast()
      for depth in parents.indices {
        let parent = parents[...depth].joined(separator: "/")
        if made.contains(parent) { continue }
        made.append(parent)
        entries.append(.directory("rootfs/\(parent)"))
      }
      entries.append(.file("rootfs/\(path)", content))
    }
    return entries
  }
}
