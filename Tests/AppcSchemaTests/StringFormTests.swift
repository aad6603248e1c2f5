import Testing

@testable import AppcSchema

@Suite("Command-line forms")
struct StringFormTests {
  @Test("E14: volumes, mount points and ports print as they are read")
  func roundTrip() throws {
    for text in [
      "dev,kind=host,source=/dev", "a,kind=host,source=/a=b,readOnly=true,recursive=false", "b,kind=empty",
      "b,kind=empty,readOnly=false,mode=0700,uid=1,gid=2", "b,kind=empty,mode=1777",
    ] {
      #expect(try Volume(parsing: text).description == text)
    }
    for text in ["a,path=/tmp", "a,path=/tmp,readOnly=true"] {
      #expect(try MountPoint(parsing: text).description == text)
    }
    for text in ["a,protocol=tcp,port=80", "a,protocol=udp,port=1,count=65535,socketActivated=true"] {
      #expect(try Port(parsing: text).description == text)
    }
  }

  @Test(
    "E14: a volume that does not fit together is refused",
    arguments: [
      "", "a", "a,kind=tmpfs", "a,kind=host", "a,kind=host,source=x", "a,kind=empty,source=/x",
      "a,kind=empty,mode=8",
      "a,kind=empty,mode=10000", "a,kind=empty,uid=-1", "a,kind=empty,uid=4294967295", "a,kind=empty,x=y",
      "a,kind=empty,kind=empty", "a,kind=empty,name=b", "a,kind=empty,readOnly", "a,kind=empty,readOnly=",
      "A,kind=empty", "a,kind=host,source=/x,mode=0755", "a,kind=host,source=/x,uid=0", "a,kind=empty,",
    ])
  func badVolumes(text: String) {
    #expect(throws: SchemaError.self) { try Volume(parsing: text) }
  }

  @Test("H14: an ID, a prefix, and a name with version and labels")
  func references() throws {
    let hex = String(repeating: "ab", count: 64)
    #expect(try ImageReference("sha512-" + hex) == .id(ImageID("sha512-" + hex)))
    #expect(try ImageReference("sha512-ab") == .prefix(ImageIDPrefix("sha512-ab")))
    guard case .name(let name, let labels) = try ImageReference("example.com/a:1.0,os=linux,b=c=d") else {
      Issue.record("not a name")
      return
    }
    #expect(name == "example.com/a")
    #expect(labels.map(\.description) == [#"version="1.0""#, #"os="linux""#, #"b="c=d""#])
    #expect(try ImageReference("sha512-xy") == .name("sha512-xy", Labels()))
    for text in ["a:1,os=linux", "a", "a,version=x:y", "sha512-ab"] {
      guard let reference = try? ImageReference(text) else { continue }
      #expect(try ImageReference(reference.description) == reference)
    }
    for text in ["", ":1", "a:1:2", "a,b", "a,b=1,b=2", "a:1,version=2", "a,name=b", "A", "a,b=x:y", "a,,"] {
      #expect(throws: SchemaError.self, "\(text)") { try ImageReference(text) }
    }
  }
}

extension Label {
  fileprivate var description: String { "\(name)=\(quoted(value))" }
}
