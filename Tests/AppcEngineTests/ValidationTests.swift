import AppcEngine
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Validation")
struct ValidationTests {
  private static let manifest =
    #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a","labels":[{"name":"version","value":"1"}]}"#

  /// A layout of that manifest and a file.
  private func withLayout(_ body: (TemporaryDirectory, FilePath) throws -> Void) throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write(Self.manifest, to: "layout/manifest")
      try directory.write("x", to: "layout/rootfs/bin/x")
      try body(directory, directory.appending("layout"))
    }
  }

  private func errors(_ report: ValidationReport) -> [String] {
    report.findings.filter { $0.severity == .error }.map { "\($0.path) \($0.rule ?? "-")" }
  }

  @Test("tells manifests, layouts and images apart by looking, whatever they are called")
  func types() throws {
    try withLayout { directory, layout in
      let plain = TestImage("ex/a")
      let pod = #"{"acKind":"PodManifest","acVersion":"0.8.11","apps":[]}"#
      let files: [(FilePath, ArtifactType, ACKind)] = [
        (layout, .layout, .imageManifest),
        (layout.appending("manifest"), .manifest, .imageManifest),
        (try directory.write(pod, to: "a"), .manifest, .podManifest),
        (try directory.write(plain.bytes, to: "b"), .image, .imageManifest),
        (try directory.write(plain.gzipped, to: "c"), .image, .imageManifest),
      ]
      for (file, type, kind) in files {
        let report = try Engine.validate(file)
        #expect(report.type == type && report.kind == kind && report.isValid, "\(report)")
      }
      let garbage = try Engine.validate(try directory.write("garbage", to: "d.aci"))
      #expect(garbage.type == .image && !garbage.isValid)
      let link = directory.appending("link")
      #expect(symlink(layout.string, link.string) == 0)
      #expect(try Engine.validate(link).type == .layout)
    }
  }

  @Test("a file of another type than said is not valid")
  func wrongType() throws {
    try withLayout { directory, layout in
      let image = try directory.write(TestImage("ex/a").bytes, to: "a.aci")
      let manifest = layout.appending("manifest")
      for (file, types) in [
        (layout, [.image, .manifest]), (image, [.layout, .manifest]), (manifest, [.image, .layout]),
      ] as [(FilePath, [ArtifactType])] {
        for type in types {
          let report = try Engine.validate(file, options: .init(type: type))
          #expect(!report.isValid && report.type == type, "\(report)")
        }
      }
    }
  }

  @Test("a layout has the ID of the image that is built from it")
  func layoutID() throws {
    try withLayout { directory, layout in
      let report = try Engine.validate(layout)
      let built = try Engine.build(layout, to: directory.appending("a.aci"))
      #expect(report.imageID == built.imageID)
      #expect(try Engine.validate(built.path).imageID == built.imageID)
      #expect(report.name?.description == "ex/a" && report.version == "1" && report.acVersion == .current)
    }
  }

  @Test("B3: a layout that could not be built says why, and what is wrong with its manifest")
  func layoutErrors() throws {
    try withLayout { directory, layout in
      try directory.write("{}", to: "layout/manifest")
      try directory.write("x", to: "layout/README")
      let report = try Engine.validate(layout)
      #expect(errors(report).first == " B3")
      #expect(errors(report).contains("$.acKind D1"))
      #expect(report.findings[0].message.contains("README"))
      #expect(report.imageID == nil)
    }
  }

  @Test(
    "B3: links, pipes and devices are no manifest, and no rootfs; none is opened",
    arguments: [
      "ln -s /etc/passwd manifest", "mkfifo manifest", "mkdir manifest", "ln -s /tmp rootfs",
      "mkfifo rootfs", "echo > rootfs",
    ] + (geteuid() == 0 ? ["mknod manifest c 5 0"] : []))
  func layoutKinds(script: String) throws {
    try withLayout { directory, layout in
      let name = script.contains("manifest") ? "manifest" : "rootfs"
      try #require(system("cd '\(layout)' && rm -r \(name) && \(script)") == 0)
      #expect(errors(try Engine.validate(layout)) == ["\(name) B3"])
    }
  }

  @Test("what building a layout would refuse is refused, and what it would leave out is noted")
  func unbuildable() throws {
    try withLayout { _, layout in
      try #require(mknod("\(layout)/rootfs/s", S_IFSOCK | 0o600, 0) == 0)
      let noted = try Engine.validate(layout)
      #expect(noted.isValid && noted.findings.map(\.path) == ["rootfs/s"])
      var limits = ArchiveLimits.default
      limits.depth = 2
      let report = try Engine.validate(layout, options: .init(limits: limits))
      #expect(errors(report) == ["rootfs/bin/x -"])
    }
  }

  @Test(
    "every entry of an image that breaks a rule is told at once, up to twenty, and the manifest's errors too")
  func allViolations() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let entries: [RawTar.Entry] = [
        .directory("rootfs"), .file("README", "x"), .file("rootfs/a", "1"), .file("rootfs/a", "2"),
        .hardLink("rootfs/b", to: "manifest"), .file("rootfs/c", "3"),
      ]
      let image = TestImage(manifest: Array("{}".utf8), entries: entries)
      let report = try Engine.validate(try directory.write(image.bytes, to: "a.aci"))
      #expect(errors(report).prefix(3) == ["README B3", "rootfs/a B2", "rootfs/b -"])
      #expect(errors(report).contains("$.acKind D1"))
      #expect(report.imageID == nil)

      let many = TestImage(
        manifest: Array(Self.manifest.utf8),
        entries: [.directory("rootfs")] + (0..<100).map { .file("x\($0)") })
      #expect(errors(try Engine.validate(try directory.write(many.bytes, to: "b.aci"))).count == 20)
    }
  }

  @Test("an image is read to its last byte")
  func lastByte() throws {
    try TemporaryDirectory.with(.memory) { directory in
      var image = TestImage("ex/a").gzipped
      image[image.count - 1] ^= 1
      let damaged = try Engine.validate(try directory.write(image, to: "a.aci"))
      #expect(!damaged.isValid)
      let trailing = try directory.write(TestImage("ex/a").bytes + [0, 0, 1], to: "b.aci")
      let refused = try Engine.validate(trailing)
      #expect(!refused.isValid)
    }
  }

  /// A Zstandard frame of one block that is not compressed.
  private func zstdFrame(_ bytes: [UInt8]) -> [UInt8] {
    let header = bytes.count << 3 | 1
    return [
      0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38, UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16),
    ]
      + bytes
  }

  @Test("B1, B7: strict wants the name of an image to end in .aci, and a compression of the specification's")
  func strictWrapping() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let file = try directory.write(TestImage("ex/a").bytes, to: "a.tar")
      #expect(try Engine.validate(file).isValid)
      #expect(errors(try Engine.validate(file, options: .init(mode: .strict))) == [" B1"])
      let packed = try directory.write(zstdFrame(TestImage("ex/a").bytes), to: "a.aci")
      #expect(try Engine.validate(packed).isValid)
      #expect(errors(try Engine.validate(packed, options: .init(mode: .strict))) == [" B7"])
    }
  }

  @Test("A5: a document of neither kind says so", arguments: ["{}", #"{"acKind":"X"}"#, #"{"acKind":1}"#])
  func unknownKind(text: String) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let report = try Engine.validate(try directory.write(text, to: "m"))
      #expect(errors(report) == ["$.acKind A5"] && report.kind == nil)
    }
  }

  @Test("pipes, devices and what is not there are errors, not reports, and nobody waits for them")
  func unreadable() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let pipe = directory.appending("pipe")
      try #require(mkfifo(pipe.string, 0o600) == 0)
      for file in [pipe, "/dev/null", "/dev/zero", directory.appending("no\u{1B}")] {
        let error = #expect(throws: EngineError.self) { try Engine.validate(file) }
        #expect(error?.description.utf8.contains(0x1B) == false)
        #expect(throws: EngineError.self) { try Engine.rawManifest(of: file) }
      }
    }
  }

  @Test("a manifest comes from a descriptor too, which stays open")
  func descriptor() throws {
    try withLayout { _, layout in
      let file = try FileDescriptor.open(layout.appending("manifest"), .readOnly)
      #expect(try Engine.validate(file, name: "in").description == "in: valid image manifest ex/a:1")
      #expect(try file.seek(offset: 0, from: .current) == Self.manifest.utf8.count)
      try file.close()
    }
  }

  @Test("a report in JSON always has the same members, those of its diagnostics too")
  func json() throws {
    try withLayout { directory, layout in
      let members = [
        "file", "type", "valid", "kind", "acVersion", "name", "version", "imageID", "diagnostics", "error",
      ]
      let broken = try directory.write(#"{"acKind":"ImageManifest"}"#, to: "m")
      for file in [layout, broken] {
        let json = try Engine.validate(file).json
        #expect(json.object?.map(\.key) == members)
        for diagnostic in json["diagnostics"]?.array ?? [] {
          let keys = ["severity", "path", "rule", "message", "line", "column"]
          #expect(diagnostic.object?.map(\.key) == keys)
        }
      }
      let error = #expect(throws: EngineError.self) { try Engine.validate(directory.appending("none")) }
      let json = ValidationReport.json(ofUnreadable: "none", try #require(error))
      #expect(json.object?.map(\.key) == members && json["valid"]?.isNull == true)
    }
  }

  @Test("everything found in a manifest is told with its place and line, as compilers tell it")
  func positions() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let broken = "{\n  \"acKind\": \"ImageManifest\",\n  \"name\": 1,,\n}"
      let syntax = try Engine.validate(try directory.write(broken, to: "m"))
      #expect(syntax.findings.map(\.position?.line) == [3])
      #expect(syntax.findings[0].excerpt == "  \"name\": 1,,\n            ^")
      #expect(
        syntax.line(syntax.findings[0]).utf8.starts(
          with: "\(directory.appending("m")):3:13: error: $ (D0): ".utf8))

      let text = "{\n\"acKind\": \"ImageManifest\",\n\"acVersion\": 1,\n\"name\": \"A\"}"
      let image = TestImage(manifest: Array(text.utf8), entries: [.directory("rootfs")])
      let file = try directory.write(image.bytes, to: "a.aci")
      let report = try Engine.validate(file)
      #expect(report.findings.map(\.position?.line) == [3, 4])
      #expect(
        report.line(report.findings[1]).utf8.starts(with: "\(file): manifest:4:9: error: $.name (A1): ".utf8))
    }
  }

  @Test("L15: a pod is checked against the images that are at hand, and a note tells of those that are not")
  func reification() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let app: JSONValue = [
        "exec": ["/a"], "user": "0", "group": "0", "mountPoints": [["name": "data", "path": "/data"]],
      ]
      let image = try Engine.validate(
        try directory.write(TestImage("ex/a", app: app).bytes, to: "a.aci"))
      let id = try #require(image.imageID)
      let pod = try directory.write(
        """
        {"acKind":"PodManifest","acVersion":"0.8.11","apps":[{"name":"a","image":{"id":"\(id)"}}]}
        """, to: "pod")
      var unknown = try Engine.validate(pod)
      #expect(unknown.findings.isEmpty)
      var known = unknown
      unknown.checkReification { _ in nil }
      #expect(unknown.isValid && unknown.findings.map(\.severity) == [.note])
      known.checkReification { $0.image.id == id ? image.imageManifest : nil }
      #expect(errors(known) == ["$.apps[0] K1"])
      var other = image
      other.checkReification { _ in nil }
      #expect(other.findings.isEmpty)
    }
  }
}
