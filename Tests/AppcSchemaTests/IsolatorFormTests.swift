import Testing

@testable import AppcSchema

@Suite("E14: command-line forms of isolators")
struct IsolatorFormTests {
  @Test(
    "J4 to J18: each isolator of the specification has a form, which stands for its JSON and prints as it is read",
    arguments: [
      ("resource/cpu,request=500m,limit=1", #"{"request":"500m","limit":"1"}"#),
      ("resource/memory,limit=1024Mi", #"{"limit":"1024Mi"}"#),
      ("resource/memory,default=false,limit=1G", #"{"default":false,"limit":"1G"}"#),
      ("resource/block-bandwidth,limit=10M", #"{"default":true,"limit":"10M"}"#),
      ("resource/block-iops,limit=100,default=true", #"{"limit":"100","default":true}"#),
      ("resource/network-bandwidth,limit=1G", #"{"default":true,"limit":"1G"}"#),
      ("os/linux/no-new-privileges,true", "true"),
      ("os/linux/oom-score-adj,-500", "-500"),
      ("os/linux/cpu-shares,512", "512"),
      ("os/linux/capabilities-retain-set,CAP_KILL,CAP_CHOWN", #"{"set":["CAP_KILL","CAP_CHOWN"]}"#),
      ("os/linux/capabilities-remove-set,CAP_MKNOD", #"{"set":["CAP_MKNOD"]}"#),
      ("os/linux/seccomp-retain-set,@appc.io/all", #"{"set":["@appc.io/all"]}"#),
      (
        "os/linux/seccomp-remove-set,errno=EPERM,mount,umount", #"{"set":["mount","umount"],"errno":"EPERM"}"#
      ),
      (
        #"os/linux/selinux-context,user=u,role=r,type=t,level="s0:c1,c2""#,
        #"{"user":"u","role":"r","type":"t","level":"s0:c1,c2"}"#
      ),
      ("os/linux/apparmor-profile,profile=docker-default", #"{"profile":"docker-default"}"#),
      (
        "os/unix/sysctl,net.ipv4.tcp_rfc1337=1,kernel.domainname=",
        #"{"net.ipv4.tcp_rfc1337":"1","kernel.domainname":""}"#
      ),
      (#"example.com/own={"a":[1,{"b":":,"}]}"#, #"{"a":[1,{"b":":,"}]}"#),
      ("example.com/own=null", "null"),
    ])
  func forms(text: String, value: String) throws {
    let isolator = try Isolator(parsing: text)
    #expect(isolator.value == (try JSONValue.parse(value)))
    #expect(isolator.content != nil)
    #expect(isolator.description == text)
    #expect(try Isolator.list(parsing: text) == [isolator])
    #expect(try Isolator.list(parsing: "\(text):resource/cpu,limit=1:\(text)").count == 3)
  }

  @Test("other spellings of the same are read")
  func spellings() throws {
    #expect(try Isolator(parsing: "os/linux/no-new-privileges,T").value == true)
    #expect(try Isolator(parsing: "os/linux/oom-score-adj=5").value == 5)
    #expect(
      try Isolator(parsing: #"resource/cpu={"limit":"1"}"#) == (try Isolator(parsing: "resource/cpu,limit=1"))
    )
    #expect(
      try Isolator(parsing: #"{"name":"resource/cpu","value":{"limit":"1"}}"#)
        == (try Isolator(parsing: #"resource/cpu,"limit"="1""#)))
    #expect(
      try Isolator(parsing: "os/linux/selinux-context,user=u,role=r,type=t,level=s0:c1").value["level"]
        == "s0:c1")
    #expect(try Isolator(parsing: #"os/unix/sysctl,"a=b,c"=d=e"#).value == ["a=b,c": "d=e"])
  }

  @Test(
    "what breaks the form or a rule of the isolator is refused",
    arguments: [
      "", ",", "resource/cpu", "resource/cpu,", "resource/cpu,limit", "resource/cpu,limit=",
      "resource/cpu,limit=x",
      "resource/cpu,limit=1,limit=2", "resource/cpu,default=true,limit=1", "resource/cpu,default=no,limit=1",
      "resource/cpu,limits=1", "resource/cpu,limit=1:resource/memory,limit=1",
      "resource/block-iops,request=1",
      "resource/block-iops,default=false,limit=1", "os/linux/no-new-privileges,yes",
      "os/linux/no-new-privileges,true,false", "os/linux/no-new-privileges,value=true",
      "os/linux/oom-score-adj,1001", "os/linux/oom-score-adj,+5", "os/linux/oom-score-adj,x",
      "os/linux/cpu-shares,1", "os/linux/cpu-shares,1024.0", "os/linux/capabilities-retain-set",
      "os/linux/capabilities-retain-set,errno=EPERM,CAP_KILL", "os/linux/seccomp-retain-set,errno=EPERM",
      "os/linux/seccomp-retain-set,errno=eperm,a", "os/linux/seccomp-retain-set,mode=x,a",
      "os/linux/selinux-context,user=u,role=r,type=t",
      "os/linux/selinux-context,user=u:x,role=r,type=t,level=l",
      "os/linux/apparmor-profile,profile=", "os/linux/apparmor-profile,x", "os/unix/sysctl,a",
      "example.com/own,a=b", "example.com/own=", "example.com/own={", "example.com/own={}x",
      "Resource/cpu,limit=1",
      "os/unix/sysctl,a=\"b", "os/unix/sysctl,a=\"b\"c", "os/unix/sysctl,a=\u{0}", "resource/cpu=5",
      #"{"name":"resource/cpu","value":5}"#, #"{"value":5}"#, #"{"name":"a","value":5}x"#,
    ])
  func refusals(text: String) {
    let error = #expect(throws: SchemaError.self) { try Isolator(parsing: text) }
    #expect(error?.description.isPrintable == true)
  }

  @Test("a list ends isolators at colons outside of JSON, and says what is wrong with a stray one")
  func lists() throws {
    let text =
      #"resource/cpu,limit=1:example.com/a={"b":"c:d"}:os/linux/selinux-context,user=u,role=r,type=t,level="s0:c0""#
      + #":{"name":"example.com/b","value":":"}:os/linux/oom-score-adj,5"#
    let isolators = try Isolator.list(parsing: text)
    #expect(
      isolators.map(\.name.text) == [
        "resource/cpu", "example.com/a", "os/linux/selinux-context", "example.com/b",
        "os/linux/oom-score-adj",
      ])
    #expect(try Isolator.list(parsing: Isolator.text(of: isolators)) == isolators)
    #expect(try Isolator.list(parsing: "").isEmpty)
    #expect(Isolator.text(of: []).isEmpty)
    for text in [
      ":", "resource/cpu,limit=1:", ":resource/cpu,limit=1", "resource/cpu,limit=1::resource/cpu,limit=1",
    ] {
      #expect(throws: SchemaError.self, "\(text)") { try Isolator.list(parsing: text) }
    }
    let error = #expect(throws: SchemaError.self) {
      try Isolator.list(parsing: "os/linux/selinux-context,user=u,role=r,type=t,level=s0:c0")
    }
    #expect(error?.description.contains("quotation marks") == true)
  }

  @Test("a value of another shape than its form stands for is described in JSON")
  func otherShapes() throws {
    for (name, value) in [
      ("resource/cpu", ["limit": 5]), ("resource/cpu", ["limit": "1", "own": "x"]), ("os/unix/sysctl", [:]),
      ("resource/block-iops", ["default": true]),
      ("os/linux/seccomp-retain-set", ["errno": "EPERM", "set": ["a"]]),
    ] as [(ACIdentifier, JSONValue)] {
      let isolator = Isolator(name: name, value: value)
      #expect(isolator.description == "\(name)=\(value)")
      #expect(try Isolator(parsing: isolator.description) == isolator)
    }
    let document: JSONValue = ["name": "resource/cpu", "value": ["limit": "1"], "own": "x"]
    let read = try Isolator(json: document)
    #expect(read.description == document.description)
    #expect(try Isolator(parsing: read.description) == read)
  }

  @Test("the refusal of a value says which rule it breaks")
  func reasons() {
    let error = #expect(throws: SchemaError.self) { try Isolator(parsing: "os/linux/cpu-shares,1") }
    #expect(error?.code == .invalidValue)
    #expect(
      error?.description
        == #"cannot read isolator "os/linux/cpu-shares,1": "#
        + #"os/linux/cpu-shares: must be a whole number from 2 to 262144, not "1" (J12)"#)
  }

  @Test("every isolator, and every list, reads back as what it describes", arguments: Round.all)
  func roundTrips(round: Round) throws {
    var generator = round.generator
    for _ in 0..<4 {
      let isolators = try generator.isolators()
      for isolator in isolators {
        #expect(isolator.description.isPrintable)
        #expect(try Isolator(parsing: isolator.description) == isolator, "\(isolator)")
      }
      #expect(try Isolator.list(parsing: Isolator.text(of: isolators)) == isolators)
    }
  }

  @Test("no text, however odd, makes the reader trap", arguments: Round.all)
  func oddTexts(round: Round) {
    var generator = round.generator
    let pieces = [
      "resource/cpu", "os/unix/sysctl", "a", ",", ":", "=", "\"", "{", "}", "[", "]", "\\", "limit", "1", "é",
      "\u{0}",
    ]
    for _ in 0..<200 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      if let isolators = try? Isolator.list(parsing: text) {
        #expect((try? Isolator.list(parsing: Isolator.text(of: isolators))) == isolators, "\(text)")
      }
      _ = try? Isolator(parsing: text)
      _ = try? Port.list(parsing: text)
    }
  }
}
