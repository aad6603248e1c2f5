import Testing

@testable import AppcSchema

@Suite("D11, D12: platforms")
struct PlatformTests {
  @Test(
    "every platform of the specification translates to Go's names and back, but for the two Go has none for")
  func bothWays() {
    for (os, architectures) in Platform.architectures {
      for arch in architectures {
        guard let go = Platform.go(os: os, arch: arch) else {
          #expect(["aarch64_be", "armv7b"].contains(arch))
          continue
        }
        let back = Platform.appc(go)
        #expect(back?.os == os)
        #expect(back?.arch == arch)
      }
    }
  }

  @Test(
    "the names are those of the reference, its swapped rows put right",
    arguments: [
      ("linux", "i386", GoPlatform(os: "linux", arch: "386")),
      ("linux", "aarch64", GoPlatform(os: "linux", arch: "arm64")),
      ("linux", "armv6l", GoPlatform(os: "linux", arch: "arm", arm: "6")),
      ("linux", "armv7l", GoPlatform(os: "linux", arch: "arm", arm: "7")),
      ("freebsd", "i386", GoPlatform(os: "freebsd", arch: "386")),
      ("freebsd", "arm", GoPlatform(os: "freebsd", arch: "arm")),
      ("darwin", "x86_64", GoPlatform(os: "darwin", arch: "amd64")),
      ("darwin", "i386", GoPlatform(os: "darwin", arch: "386")),
    ])
  func names(os: String, arch: String, go: GoPlatform) throws {
    #expect(Platform.go(os: os, arch: arch) == go)
    let labels = try Labels([Label(name: "os", value: os), Label(name: "arch", value: arch)])
    #expect(labels.goPlatform == go)
  }

  @Test("any GOARM is freebsd's one ARM, and linux's without one is armv6l")
  func arm() {
    for arm in ["", "5", "6", "7"] {
      #expect(Platform.appc(GoPlatform(os: "freebsd", arch: "arm", arm: arm))?.arch == "arm")
    }
    #expect(Platform.appc(GoPlatform(os: "linux", arch: "arm"))?.arch == "armv6l")
    #expect(Platform.appc(GoPlatform(os: "linux", arch: "arm", arm: "5")) == nil)
  }

  @Test(
    "what is no platform translates to nothing",
    arguments: [
      ("linux", "aarch64_be"), ("linux", "armv7b"), ("linux", "arm64"), ("linux", "x86_64"), ("linux", ""),
      ("", "amd64"), ("windows", "amd64"), ("Linux", "amd64"), ("darwin", "amd64"),
    ])
  func unknown(os: String, arch: String) {
    #expect(Platform.go(os: os, arch: arch) == nil)
    #expect(Platform.appc(GoPlatform(os: os, arch: arch)) == nil || arch == "arm64" || os == "darwin")
  }

  @Test("labels without os or without arch name no platform")
  func missingLabels() throws {
    #expect(Labels().goPlatform == nil)
    #expect(try Labels([Label(name: "arch", value: "amd64")]).goPlatform == nil)
    #expect(try Labels([Label(name: "os", value: "linux")]).goPlatform == nil)
    #expect(Platform.appc(GoPlatform(os: "linux", arch: "amd64", arm: "7")) == nil)
  }

  @Test("Go's platforms print as os/arch, with the version of ARM")
  func descriptions() {
    #expect("\(GoPlatform(os: "linux", arch: "arm", arm: "7"))" == "linux/arm/v7")
    #expect("\(GoPlatform(os: "linux\n", arch: "amd64"))" == #"linux\u{a}/amd64"#)
  }

  @Test("labels of a dictionary are sorted by name, and back")
  func dictionaries() throws {
    let labels = try Labels(sortedByName: ["foo": "bar", "bar": "baz", "baz": "foo", "a": ""])
    #expect(labels.map(\.name.text) == ["a", "bar", "baz", "foo"])
    #expect(labels.byName == ["foo": "bar", "bar": "baz", "baz": "foo", "a": ""])
    for name in ["name", "", "A", "a--b"] {
      #expect(throws: SchemaError.self) { try Labels(sortedByName: [name: "x"]) }
    }
    #expect(try Labels(sortedByName: ["a--b": "x"], mode: .tolerant).count == 1)
  }
}
