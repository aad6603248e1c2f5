import Testing

@testable import AppcSchema

@Suite("E14, H14: command-line forms")
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

  @Test(
    "E14: a mount point or a port that does not fit together is refused",
    arguments: [
      "", "a", "a,path=", "a,path", "#a,path=/x", "a,path=/x,readOnly=maybe", "a,path=/x,readOnly=",
      "a,path=/x,path=/y", "a,path=/x,mode=1", "a,path=/x\u{0}", ",path=/x", "a,path=/x,",
    ])
  func badMountPoints(text: String) {
    #expect(throws: SchemaError.self) { try MountPoint(parsing: text) }
  }

  @Test(
    "E11, E14: a port beyond 65535, or without a number, is refused",
    arguments: [
      "a", "a,protocol=tcp", "a,port=0", "a,port=65536", "a,port=+80", "a,port=-1", "a,port= 80",
      "a,port=65535,count=2", "a,port=1,count=65536", "a,port=1,socketActivated=2", "a,port=80,x=y",
    ])
  func badPorts(text: String) {
    #expect(throws: SchemaError.self) { try Port(parsing: text) }
  }

  @Test("E14: a port is tcp and one unless it says otherwise, and a count of 0 is 1 as in a manifest")
  func portDefaults() throws {
    #expect(try Port(parsing: "a,port=080") == Port(name: "a", port: 80))
    #expect(try Port(parsing: "a,port=80,count=0") == Port(name: "a", port: 80))
    #expect(try Port(parsing: "a,protocol=,port=80") == Port(name: "a", protocol: "", port: 80))
  }

  @Test("E14: values are literal: nothing in them is unescaped, quoted or trimmed")
  func literalValues() throws {
    for path in ["/a%2Cb", "/a+b&c$d=e;f", #""/a""#, " /a ", "/a:b", "/a\\b"] {
      #expect(try MountPoint(parsing: "a,path=\(path)").path.hasSameBytes(as: path))
    }
  }

  @Test("E14: truth values are those of Go's ParseBool, by bytes")
  func truthValues() throws {
    for text in ["1", "t", "T", "true", "True", "TRUE"] { #expect(Bool(anySpelling: text) == true) }
    for text in ["0", "f", "F", "false", "False", "FALSE"] { #expect(Bool(anySpelling: text) == false) }
    for text in ["", "yes", "tRUE", " 1", "01", "ｔ"] { #expect(Bool(anySpelling: text) == nil) }
  }

  @Test("E14: mount points and ports are listed with colons between them")
  func lists() throws {
    #expect(
      try MountPoint.list(parsing: "work,path=/opt,readOnly=true:b,path=/b")
        == [MountPoint(name: "work", path: "/opt", readOnly: true), MountPoint(name: "b", path: "/b")])
    #expect(
      try MountPoint.list(parsing: #"{"name":"a","path":"/x:y\"}"}:b,path=/b"#)
        == [MountPoint(name: "a", path: #"/x:y"}"#), MountPoint(name: "b", path: "/b")])
    #expect(try Port.list(parsing: "a,port=1:b,port=2").map(\.port) == [1, 2])
    #expect(try Port.list(parsing: "").isEmpty)
    for text in [":", "a,port=1:", ":a,port=1", "a,port=1::b,port=2", #"{"name":"a","port":1"#] {
      #expect(throws: SchemaError.self, "\(text)") { try Port.list(parsing: text) }
    }
  }

  @Test("a mount says volume and absolute target, as rkt's --mount")
  func mounts() throws {
    let mount = try Mount(parsing: "target=/data,volume=db")
    #expect(mount == Mount(volume: "db", path: "/data"))
    #expect(mount.description == "volume=db,target=/data")
    for text in [
      "", "db", "volume=db", "target=/x", "volume=db,target=x", "volume=D,target=/x",
      "volume=db,target=/x,readOnly=true", "volume=db,volume=db,target=/x",
    ] {
      #expect(throws: SchemaError.self, "\(text)") { try Mount(parsing: text) }
    }
    let own = Mount(volume: "db", path: "/data", appVolume: .empty(name: "db"))
    #expect(try Mount(parsing: own.description) == own)
  }

  @Test("L13: an exposed port says name, perhaps an address, and port, as rkt's --port")
  func exposedPorts() throws {
    for text in ["http:8080", "http:127.0.0.1:80", "http:[::1]:65535"] {
      #expect(try ExposedPort(parsing: text).description == text)
    }
    for text in [
      "", "http", "http:", "http:0", "http:65536", "http::80", "http:x:80", "http:::1:80",
      "http:[127.0.0.1]:80", "http:[::1:80", "HTTP:80", "http:+1",
    ] {
      #expect(throws: SchemaError.self, "\(text)") { try ExposedPort(parsing: text) }
    }
  }

  @Test("D4, D10, E6, E9b: a name ends at the first equals sign, its value is the rest")
  func namesAndValues() throws {
    #expect(try Label(parsing: "os=linux") == Label(name: "os", value: "linux"))
    #expect(try Label(parsing: "a=") == Label(name: "a", value: ""))
    #expect(try Annotation(parsing: "authors=A, B = C").value == "A, B = C")
    #expect(try Environment.Variable(parsing: "PATH=/a:/b").value == "/a:/b")
    #expect(try UserText(parsing: "=x") == UserText(key: "", value: "x"))
    #expect(try UserText(parsing: "{\"a=b\":\"c\"}") == UserText(key: "a=b", value: "c"))
    for text in ["", "os", "=x", "OS=linux", "name=x", "a=\u{0}"] {
      #expect(throws: SchemaError.self, "\(text)") { try Label(parsing: text) }
    }
    for text in ["1A=x", "A", "=", "A B=c"] {
      #expect(throws: SchemaError.self, "\(text)") { try Environment.Variable(parsing: text) }
    }
    for text in ["created=yesterday", "homepage=ftp://x", "Authors=x"] {
      #expect(throws: SchemaError.self, "\(text)") { try Annotation(parsing: text) }
    }
    for text in ["", "a", "{}", #"{"a":1}"#, #"{"a":"b","c":"d"}"#, #"{"a":"\u0000"}"#] {
      #expect(throws: SchemaError.self, "\(text)") { try UserText(parsing: text) }
    }
  }

  @Test("E1, E4: a command is words with single spaces between them, or a JSON list")
  func commands() throws {
    #expect(try App.exec(parsing: "/bin/x  y 'z w'") == ["/bin/x", "", "y", "'z", "w'"])
    #expect(try App.exec(parsing: #"["/bin/x","a b"]"#) == ["/bin/x", "a b"])
    #expect(try App.exec(parsing: "[ -f x ]") == ["[", "-f", "x", "]"])
    #expect(try App.exec(parsing: "[]").isEmpty)
    for words in [["/bin/x"], ["a", "b"], ["a b"], [""], [], ["[]"], ["[\"", "x"], ["a\n"], ["", ""]] {
      #expect(try App.exec(parsing: App.text(ofExec: words)).hasSameBytes(as: words), "\(words)")
    }
    let handler = EventHandler(name: .preStart, exec: ["/bin/a", "b"])
    #expect(handler.description == "pre-start=/bin/a b")
    #expect(try EventHandler(parsing: "pre-start=/bin/a b") == handler)
    for text in ["", "pre-start", "pre-start=", "start=/x", #"post-stop=["/x",1]"#, #"post-stop=["/x",]"#] {
      #expect(throws: SchemaError.self, "\(text)") { try EventHandler(parsing: text) }
    }
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
    #expect(labels.map(\.description) == ["version=1.0", "os=linux", "b=c=d"])
    #expect(try ImageReference("sha512-xy") == .name("sha512-xy", Labels()))
    for text in [
      "a:1,os=linux", "a", "a,os=linux,version=1", "a:", "sha512-ab", "sha512-ab,a=b", "sha512-ab:1",
    ] {
      #expect(try ImageReference(text).description == text)
    }
    for text in ["", ":1", "a:1:2", "a,b", "a,b=1,b=2", "a:1,version=2", "a,name=b", "A", "a,b=x:y", "a,,"] {
      #expect(throws: SchemaError.self, "\(text)") { try ImageReference(text) }
    }
  }

  @Test("H14: what a reference cannot say in short is said in JSON")
  func referencesInJSON() throws {
    let labels = try Labels([Label(name: "version", value: "a:b"), Label(name: "b", value: "c,d=e")])
    for reference: ImageReference in [.name("a", labels), .name("sha512-ab", Labels())] {
      #expect(reference.description.hasPrefix("{"))
      #expect(try ImageReference(reference.description) == reference)
    }
    #expect(try ImageReference(#"{"id":"sha512-ab"}"#) == .prefix(ImageIDPrefix("sha512-ab")))
    for text in [
      "{}", #"{"id":"a","name":"b"}"#, #"{"name":"A"}"#, #"{"name":"a","labels":[{"name":"name"}]}"#,
    ] {
      #expect(throws: SchemaError.self, "\(text)") { try ImageReference(text) }
    }
  }

  @Test("a value whose form would read as another is described in JSON")
  func noInjection() throws {
    let mountPoint = MountPoint(name: "a", path: "/x,readOnly=true")
    #expect(mountPoint.description == #"{"name":"a","path":"/x,readOnly=true"}"#)
    #expect(try MountPoint(parsing: mountPoint.description) == mountPoint)
    let volume = Volume.host(name: "a", source: "/x\u{1B}[2J\u{202E}\u{E000}\u{10FFFF}")
    #expect(
      volume.description
        == #"{"name":"a","kind":"host","source":"/x\u001b[2J\u202e\ue000\udbff\udfff"}"#)
    #expect(try Volume(parsing: volume.description) == volume)
  }

  @Test(
    "every form reads back as the value it describes, on one line that is safe to show", arguments: Round.all)
  func roundTrips(round: Round) throws {
    var generator = round.generator
    for _ in 0..<4 {
      let pod = try generator.podManifest()
      let app = try generator.app()
      try check(pod.volumes, Volume.init(parsing:))
      try check(pod.ports, ExposedPort.init(parsing:))
      try check(pod.apps.flatMap(\.mounts), Mount.init(parsing:))
      try check(Array(pod.annotations), Annotation.init(parsing:))
      try check(pod.userLabels + app.userAnnotations, UserText.init(parsing:))
      try check(app.mountPoints, MountPoint.init(parsing:))
      try check(app.ports, Port.init(parsing:))
      try check(app.eventHandlers, EventHandler.init(parsing:))
      try check(Array(app.environment), Environment.Variable.init(parsing:))
      for image in pod.apps.map(\.image) {
        try check(Array(image.labels), Label.init(parsing:))
        if let id = image.id { try check([.id(id)], ImageReference.init(_:)) }
        if let name = image.name { try check([.name(name, image.labels)], ImageReference.init(_:)) }
      }
    }
  }

  private func check<Value: Equatable & CustomStringConvertible>(
    _ values: [Value], _ read: (String) throws -> Value
  ) throws {
    for value in values {
      let text = value.description
      #expect(text.isPrintable)
      #expect(try read(text) == value, "\(text)")
    }
  }

  @Test("whatever is wrong with a form, the error is an invalid value on one line")
  func errors() {
    let failures: [() throws -> Void] = [
      { _ = try MountPoint(parsing: #"{"name":1}"#) }, { _ = try MountPoint(parsing: #"{"name":}"#) },
      { _ = try Annotation(parsing: "created=\u{1B}") }, { _ = try App.exec(parsing: #"["a",}"#) },
      { _ = try ImageReference("{\"id\":\"\n\"}") }, { _ = try Isolator(parsing: #"{"name":"a","value":}"#) },
      { _ = try Isolator(parsing: #"{"name":"A","value":1}"#) }, { _ = try UserText(parsing: "{\u{85}}") },
    ]
    for failure in failures {
      let error = #expect(throws: SchemaError.self) { try failure() }
      #expect(error?.code == .invalidValue)
      #expect(error?.description.isPrintable == true)
    }
  }
}
