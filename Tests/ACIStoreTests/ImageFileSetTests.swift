import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

/// Images in files of a temporary directory.
private struct Files {
  let directory: TemporaryDirectory

  static func with(_ body: (Files) throws -> Void) throws {
    try TemporaryDirectory.with { directory in
      try body(Files(directory: directory))
      #expect(try names(directory.path).allSatisfy { !$0.hasPrefix(".appc") })
    }
  }

  var place: FilePath { directory.appending("out") }

  func write(_ bytes: [UInt8], _ name: String) throws -> FilePath {
    let path = directory.appending(name)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    defer { try? file.close() }
    try file.writeAll(bytes)
    return path
  }

  func write(_ image: TestImage, _ name: String) throws -> FilePath { try write(image.bytes, name) }

  func text(_ path: String) throws -> String {
    String(decoding: try contents(of: place.appending("rootfs").appending(path)), as: UTF8.self)
  }
}

@Suite("Rendering files without a store")
struct ImageFileSetTests {
  @Test(
    "dependencies are found among the files by name, compressed or not; a file that nothing needs is fine")
  func byName() throws {
    try Files.with { files in
      let base = try files.write(TestImage("ex/base", files: ["a": "1", "b": "1"]).gzipped, "base.aci")
      let other = try files.write(TestImage("ex/other", files: ["o": "1"]), "other.aci")
      let image = TestImage("ex/top", dependencies: [["imageName": "ex/base"]], files: ["b": "2"])
      let top = try files.write(image, "top.aci")
      try ImageFileSet(top: top, dependencies: [base, other]).render(to: files.place)
      #expect(try names(files.place.appending("rootfs")) == ["a", "b"])
      #expect(try files.text("b") == "2")
      #expect(try contents(of: files.place.appending("manifest")) == image.manifest)
    }
  }

  @Test("a file alone is rendered, its whitelist applied")
  func alone() throws {
    try Files.with { files in
      let top = try files.write(
        TestImage("ex/a", whitelist: ["/a"], files: ["a": "1", "b": "2"]).gzipped, "a.aci")
      try ImageFileSet(top: top, dependencies: []).render(to: files.place)
      #expect(try names(files.place.appending("rootfs")) == ["a"])
    }
  }

  @Test("C3: a dependency by image ID is that image and no other, and of the name asked for")
  func byID() throws {
    try Files.with { files in
      let images = (1...2).map { TestImage("ex/base", files: ["a": "\($0)"]) }
      let paths = try images.enumerated().map { try files.write($1, "base\($0).aci") }
      let ids = try images.map { try Archive.inspect(ByteSource($0.bytes)).imageID }
      func top(_ name: String, _ id: String) throws -> FilePath {
        try files.write(
          TestImage("ex/top", dependencies: [["imageName": .string(name), "imageID": .string(id)]]), "top")
      }
      try ImageFileSet(top: try top("ex/base", ids[0].description), dependencies: paths).render(
        to: files.place)
      #expect(try files.text("a") == "1")
      let options = RenderOptions(overwrite: true)
      // 64 digits are what old tools wrote: a prefix (A8).
      let prefix = "sha512-\(ids[1].hex.prefix(64))"
      try ImageFileSet(top: try top("ex/base", prefix), dependencies: paths)
        .render(to: files.place, options: options)
      #expect(try files.text("a") == "2")
      for (name, id) in [("ex/other", ids[0].hex), ("ex/base", String(repeating: "0", count: 128))] {
        let set = ImageFileSet(top: try top(name, "sha512-\(id)"), dependencies: paths)
        let error = #expect(throws: StoreError.self) { try set.render(to: files.place, options: options) }
        #expect(error?.code == .dependency)
      }
      #expect(try files.text("a") == "2")
    }
  }

  @Test("labels must fit, and of several that fit the one given last is taken")
  func byLabels() throws {
    try Files.with { files in
      let paths = try [("1", "x"), ("2", "y"), ("1", "z")].enumerated().map { index, image in
        try files.write(
          TestImage("ex/base", labels: [("version", image.0)], files: ["a": image.1]), "\(index).aci")
      }
      func render(_ version: String?) throws -> String {
        var dependency = JSONObject()
        dependency["imageName"] = "ex/base"
        if let version { dependency["labels"] = [["name": "version", "value": .string(version)]] }
        let top = try files.write(TestImage("ex/top", dependencies: [.object(dependency)]), "top.aci")
        try ImageFileSet(top: top, dependencies: paths)
          .render(to: files.place, options: RenderOptions(overwrite: true))
        return try files.text("a")
      }
      #expect(try render("2") == "y")
      #expect(try render("1") == "z")
      #expect(try render(nil) == "z")
      #expect(throws: StoreError.self) { try render("3") }
    }
  }

  @Test("an image may depend on another version of itself: the image to render is taken last")
  func ownName() throws {
    try Files.with { files in
      let old = try files.write(TestImage("ex/a", files: ["a": "old", "o": ""]), "old.aci")
      let new = try files.write(
        TestImage("ex/a", dependencies: [["imageName": "ex/a"]], files: ["a": "new"]), "new.aci")
      try ImageFileSet(top: new, dependencies: [old]).render(to: files.place)
      #expect(try names(files.place.appending("rootfs")) == ["a", "o"])
      #expect(try files.text("a") == "new")
    }
  }

  @Test("what is missing is named, with who wants it; nothing is left")
  func missing() throws {
    try Files.with { files in
      let middle = TestImage("ex/middle", dependencies: [["imageName": "ex/gone"]])
      let top = TestImage("ex/top", dependencies: [["imageName": "ex/middle"]])
      let set = ImageFileSet(
        top: try files.write(top, "top"), dependencies: [try files.write(middle, "middle")])
      let error = #expect(throws: StoreError.self) { try set.render(to: files.place) }
      #expect(error?.code == .dependency)
      #expect(error?.description.contains("ex/middle") == true)
      #expect(error?.description.contains("ex/gone") == true)
      #expect(!exists(files.place))
    }
  }

  @Test("a cycle through the image to render is named", .timeLimit(.minutes(1)))
  func cycle() throws {
    try Files.with { files in
      let a = try files.write(TestImage("ex/a", dependencies: [["imageName": "ex/b"]]), "a")
      let b = try files.write(TestImage("ex/b", dependencies: [["imageName": "ex/a"]]), "b")
      let error = #expect(throws: StoreError.self) {
        try ImageFileSet(top: a, dependencies: [b]).render(to: files.place)
      }
      #expect(error?.description.contains("ex/a -> ex/b -> ex/a") == true)
    }
  }

  @Test("every file is checked, needed or not, and what is wrong is said of the file")
  func refused() throws {
    try Files.with { files in
      let top = try files.write(TestImage("ex/top", files: ["a": "1"]), "top.aci")
      var bad = TestImage("ex/bad")
      bad.entries.append(.file("rootfs/../x"))
      let path = try files.write(bad, "bad.aci")
      let error = #expect(throws: StoreError.self) {
        try ImageFileSet(top: top, dependencies: [path]).render(to: files.place)
      }
      #expect(error?.code == .refused)
      #expect(error?.subject == path.string)
      for path in [files.directory.appending("none"), files.directory.path] {
        #expect(throws: StoreError.self) {
          try ImageFileSet(top: top, dependencies: [path]).render(to: files.place)
        }
      }
      #expect(!exists(files.place))
    }
  }

  @Test("a file that is another image when it is extracted is refused; one that is only renamed over is not")
  func changed() throws {
    try Files.with { files in
      // Large enough to be more than one block of progress, so that the change comes between the two readings.
      let top = try files.write(TestImage("ex/top", dependencies: [["imageName": "ex/base"]]), "top.aci")
      let base = try files.write(TestImage("ex/base", files: ["a": "1"]), "base.aci")
      let other = TestImage("ex/base", files: ["a": "2"])
      func render(_ change: @escaping @Sendable () throws -> Void) throws {
        let total = try contents(of: top).count + contents(of: base).count
        let options = RenderOptions(
          overwrite: true, progress: { if $0.storedBytes == Int64(total) { try change() } })
        try ImageFileSet(top: top, dependencies: [base]).render(to: files.place, options: options)
      }
      let aside = try files.write(other, "other.aci")
      try render { _ = aside.withPlatformString { new in base.withPlatformString { rename(new, $0) } } }
      #expect(try files.text("a") == "1")
      _ = try files.write(TestImage("ex/base", files: ["a": "1"]), "base.aci")
      let error = #expect(throws: StoreError.self) { try render { _ = try files.write(other, "base.aci") } }
      #expect(error?.code == .refused)
      #expect(try files.text("a") == "1")
    }
  }
}
