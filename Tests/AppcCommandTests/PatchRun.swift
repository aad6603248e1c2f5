import AppcSchema
import SystemPackage
import Testing

/// Runs of `appc patch-manifest` on a manifest with something of everything.
enum PatchRun {
  static let manifest = """
    {"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/app", "x-mine": 1.50,
     "labels": [{"name": "version", "value": "1.0", "x-label": []}, {"name": "os", "value": "linux"}],
     "app": {"exec": ["/bin/app"], "x-app": {"a":  1}, "user": "0", "group": "0",
       "eventHandlers": [{"name": "pre-start", "exec": ["/bin/pre"]}], "workingDirectory": "/w",
       "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
       "mountPoints": [{"name": "data", "path": "/data"}],
       "ports": [{"name": "http", "protocol": "tcp", "port": 80}],
       "isolators": [{"name": "os/linux/capabilities-remove-set", "value": {"set": ["CAP_MKNOD"]}},
         {"name": "os/linux/seccomp-remove-set", "value": {"set": ["mount"]}},
         {"name": "resource/memory", "value": {"limit": "1G"}}],
       "userAnnotations": {"k": "v"}, "userLabels": {"l": "v"}},
     "dependencies": [{"imageName": "example.com/base", "x-dep": 1}, {"imageName": "example.com/two"}],
     "pathWhitelist": ["/a", "/b"],
     "annotations": [{"name": "authors", "value": "me"}]}

    """

  /// Patches a manifest in a file; the result is on standard output.
  static func run(
    _ options: [String], of manifest: String = manifest, _ fixture: CommandFixture? = nil,
    prefix: [String] = []
  ) throws -> CommandFixture.Result {
    let fixture = try fixture ?? CommandFixture()
    let file = fixture.directory.appending("manifest")
    try fixture.write(manifest, to: file)
    return try fixture.appc(["patch-manifest"] + options + [file.string, "-"], prefix: prefix)
  }

  /// The result as JSON.
  static func patched(
    _ options: [String], _ fixture: CommandFixture? = nil, prefix: [String] = []
  ) throws -> JSONValue {
    let result = try run(options, fixture, prefix: prefix)
    try #require(result.status == 0, "\(result.error)")
    return try JSONValue.parse(result.output)
  }

  /// The member at the end of keys with dots between them, compact; `null` when it is not there.
  static func member(_ path: String, of value: JSONValue) -> String {
    path.split(separator: ".").reduce(value) { $0[String($1)] ?? .null }.description
  }
}
