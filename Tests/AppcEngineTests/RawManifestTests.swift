import AppcEngine
import AppcTesting
import SystemPackage
import Testing

@Suite("The manifest as it stands")
struct RawManifestTests {
  private static let manifest =
    #"{ "x-first": 1.50, "acKind":"ImageManifest","name":"ex/a", "acVersion":"0.8.11","x-last":[{}] }"#

  private func image(_ manifest: String = manifest, first: Bool = true, _ more: [RawTar.Entry] = [])
    -> [UInt8]
  {
    let entry = RawTar.Entry("manifest", content: Array(manifest.utf8))
    let rest = [RawTar.Entry.directory("rootfs")] + more
    return RawTar(first ? [entry] + rest : rest + [entry]).bytes
  }

  @Test("comes byte for byte out of images, layouts and manifests")
  func sources() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write(Self.manifest, to: "layout/manifest")
      for file in [
        directory.appending("layout"), directory.appending("layout/manifest"),
        try directory.write(image(), to: "a.aci"), try directory.write(image(first: false), to: "b.aci"),
        try directory.write(StoredGzip.member(image()), to: "c.aci"),
      ] {
        let found = try Engine.rawManifest(of: file)
        #expect(found.bytes == Array(Self.manifest.utf8) && found.problem == nil, "\(file)")
      }
    }
  }

  @Test("is found without the rest of an image being read")
  func readsNoFurther() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let cut = image(Self.manifest, [.file("rootfs/a", String(repeating: "a", count: 1 << 20))]).prefix(
        1 << 19)
      let found = try Engine.rawManifest(of: try directory.write(Array(cut), to: "a.aci"))
      #expect(found.bytes == Array(Self.manifest.utf8) && found.problem == nil)
    }
  }

  @Test("comes out of a broken image too, with what is wrong")
  func broken() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let stranger = try directory.write(image(first: false, [.file("README", "x")]), to: "a.aci")
      let found = try Engine.rawManifest(of: stranger)
      #expect(found.bytes == Array(Self.manifest.utf8))
      #expect(found.problem?.description.contains("README") == true)
      for text in ["{}", "not JSON"] {
        for file in [try directory.write(image(text), to: "b.aci"), try directory.write(text, to: "m")] {
          let invalid = try Engine.rawManifest(of: file)
          #expect(invalid.bytes == Array(text.utf8) && invalid.problem != nil)
        }
      }
    }
  }

  @Test("is an error where there is none")
  func missing() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.makeDirectory("empty")
      let linked = RawTar([.symbolicLink("manifest", to: "x"), .directory("rootfs")]).bytes
      for file in [
        directory.appending("empty"), try directory.write(RawTar([.directory("rootfs")]).bytes, to: "a.aci"),
        try directory.write(linked, to: "b.aci"), try directory.write("garbage", to: "c.aci"),
      ] {
        #expect(throws: EngineError.self, "\(file)") { try Engine.rawManifest(of: file) }
      }
    }
  }

  @Test("is indented with its unknown members, its order and its numbers as they were")
  func indented() {
    let text = String(decoding: RawManifest(bytes: Array(Self.manifest.utf8)).indented, as: UTF8.self)
    #expect(
      text == """
        {
            "x-first": 1.50,
            "acKind": "ImageManifest",
            "name": "ex/a",
            "acVersion": "0.8.11",
            "x-last": [
                {}
            ]
        }

        """)
    #expect(RawManifest(bytes: Array("{,".utf8)).indented == Array("{,".utf8))
  }
}
