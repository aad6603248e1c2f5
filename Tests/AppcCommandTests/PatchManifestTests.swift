import AppcSchema
import Glibc
import SystemPackage
import Testing

@Suite("appc patch-manifest: what its options change")
struct PatchManifestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let options: [String]
    let member: String
    let expected: String

    var testDescription: String { options.joined(separator: " ") }
  }

  static let id = "sha512-" + String(repeating: "ab", count: 64)

  static let cases: [Case] = [
    Case(options: ["--name", "ex/b"], member: "name", expected: #""ex/b""#),
    Case(
      options: ["--label", "version=2", "--label=arch=amd64"], member: "labels",
      expected:
        #"[{"name":"version","value":"2","x-label":[]},{"name":"os","value":"linux"},{"name":"arch","value":"amd64"}]"#
    ),
    Case(
      options: ["--label", "version=", "--remove-label=os"], member: "labels",
      expected: #"[{"name":"version","value":"","x-label":[]}]"#),
    Case(
      options: ["--annotation", "homepage=https://a.b/?c=d", "--remove-annotation", "authors"],
      member: "annotations", expected: #"[{"name":"homepage","value":"https://a.b/?c=d"}]"#),
    Case(
      options: ["--dependency", "example.com/base:1.2,os=linux,size=42,id=\(id)"], member: "dependencies",
      expected:
        #"[{"imageName":"example.com/base","imageID":"\#(id)","labels":[{"name":"version","value":"1.2"},{"name":"os","value":"linux"}],"size":42},{"imageName":"example.com/two"}]"#
    ),
    Case(
      options: ["--remove-dependency", "example.com/two", "--dependency", #"{"imageName":"c","x":1}"#],
      member: "dependencies",
      expected: #"[{"imageName":"example.com/base","x-dep":1},{"imageName":"c","x":1}]"#),
    Case(
      options: ["--path-whitelist=/c", "--path-whitelist=/a"], member: "pathWhitelist",
      expected: #"["/a","/b","/c"]"#),
    Case(options: ["--clear-path-whitelist"], member: "pathWhitelist", expected: "null"),
    Case(
      options: ["--clear-path-whitelist", "--path-whitelist", "/c"], member: "pathWhitelist",
      expected: #"["/c"]"#),
    Case(
      options: ["--exec", "/bin/x  'a b' c\\ d"], member: "app.exec", expected: #"["/bin/x","a b","c d"]"#),
    Case(
      options: ["--exec", #"["/bin/x","a b",""]"#], member: "app.exec", expected: #"["/bin/x","a b",""]"#),
    Case(options: ["--user=www", "--group", "/etc"], member: "app.user", expected: #""www""#),
    Case(options: ["--user=www", "--group", "/etc"], member: "app.group", expected: #""/etc""#),
    Case(options: ["--supplementary-groups=1,20"], member: "app.supplementaryGIDs", expected: "[1,20]"),
    Case(options: ["--working-directory", "/x"], member: "app.workingDirectory", expected: #""/x""#),
    Case(options: ["--working-directory", ""], member: "app.workingDirectory", expected: "null"),
    Case(
      options: ["--environment", "B=x=y", "--environment", "C=", "--remove-environment=A"],
      member: "app.environment",
      expected: #"[{"name":"B","value":"x=y"},{"name":"C","value":""}]"#),
    Case(
      options: ["--pre-start=/p 1", "--post-stop", "/q '2 3'"], member: "app.eventHandlers",
      expected: #"[{"name":"pre-start","exec":["/p","1"]},{"name":"post-stop","exec":["/q","2 3"]}]"#),
    Case(options: ["--remove-pre-start"], member: "app.eventHandlers", expected: "null"),
    Case(
      options: ["--mounts", "data,path=/d,readOnly=true:work,path=/opt", "--mount=m,path=/m"],
      member: "app.mountPoints",
      expected:
        #"[{"name":"data","path":"/d","readOnly":true},{"name":"work","path":"/opt"},{"name":"m","path":"/m"}]"#
    ),
    Case(options: ["--remove-mount=data"], member: "app.mountPoints", expected: "null"),
    Case(
      options: ["--ports=http,port=8080", "--port", "dns,protocol=udp,port=53,count=2,socketActivated=true"],
      member: "app.ports",
      expected:
        #"[{"name":"http","protocol":"tcp","port":8080,"count":1,"socketActivated":false},{"name":"dns","protocol":"udp","port":53,"count":2,"socketActivated":true}]"#
    ),
    Case(options: ["--remove-port", "http"], member: "app.ports", expected: "null"),
    Case(
      options: ["--user-annotation", "k=w", "--user-annotation=n=1"], member: "app.userAnnotations",
      expected: #"{"k":"w","n":"1"}"#),
    Case(options: ["--remove-user-annotation", "k"], member: "app.userAnnotations", expected: "null"),
    Case(
      options: ["--user-label", "m=", "--remove-user-label=l"], member: "app.userLabels",
      expected: #"{"m":""}"#),
  ]

  @Test("each by itself and together", arguments: cases)
  func option(_ example: Case) throws {
    let patched = try PatchRun.patched(example.options)
    #expect(PatchRun.member(example.member, of: patched) == example.expected)
    // Nothing but the member is touched.
    let before = try JSONValue.parse(PatchRun.manifest)
    for name in ["x-mine", "app.x-app", "acVersion"] {
      #expect(PatchRun.member(name, of: patched) == PatchRun.member(name, of: before))
    }
  }

  private static let memory = #"{"name":"resource/memory","value":{"limit":"1G"}}"#
  private static let removal = #"{"name":"os/linux/capabilities-remove-set","value":{"set":["CAP_MKNOD"]}}"#
  private static let seccomp = #"{"name":"os/linux/seccomp-remove-set","value":{"set":["mount"]}}"#

  @Test(
    "J: capabilities and system calls replace what is there, isolators those of their name",
    arguments: [
      (
        ["--capability=CAP_KILL,CAP_CHOWN"],
        #"[{"name":"os/linux/capabilities-retain-set","value":{"set":["CAP_KILL","CAP_CHOWN"]}},\#(seccomp),\#(memory)]"#
      ),
      (
        ["--revoke-capability", "CAP_KILL"],
        #"[{"name":"os/linux/capabilities-remove-set","value":{"set":["CAP_KILL"]}},\#(seccomp),\#(memory)]"#
      ),
      (
        ["--seccomp-mode", "retain,errno=EPERM", "--seccomp-set=@appc.io/all,read"],
        #"[\#(removal),{"name":"os/linux/seccomp-retain-set","value":{"set":["@appc.io/all","read"],"errno":"EPERM"}},\#(memory)]"#
      ),
      (
        [
          "--isolators", "resource/memory,limit=2G:os/linux/no-new-privileges,true", "--isolator",
          #"ex/own={"a":1}"#,
        ],
        #"[\#(removal),\#(seccomp),{"name":"resource/memory","value":{"limit":"2G"}},{"name":"os/linux/no-new-privileges","value":true},{"name":"ex/own","value":{"a":1}}]"#
      ),
      (
        ["--remove-isolator", "os/linux/seccomp-remove-set", "--remove-isolator=resource/memory"],
        "[\(removal)]"
      ),
      (
        [
          "--remove-isolator", "os/linux/capabilities-remove-set", "--remove-isolator",
          "os/linux/seccomp-remove-set", "--remove-isolator", "resource/memory",
          "--isolator", "resource/block-bandwidth,limit=10M", "--isolator", "os/linux/oom-score-adj,-500",
          "--isolator", "os/linux/cpu-shares,512", "--isolator", "os/unix/sysctl,kernel.msgmax=1",
          "--isolator", "os/linux/apparmor-profile,profile=p",
        ],
        #"[{"name":"resource/block-bandwidth","value":{"default":true,"limit":"10M"}},{"name":"os/linux/oom-score-adj","value":-500},{"name":"os/linux/cpu-shares","value":512},{"name":"os/unix/sysctl","value":{"kernel.msgmax":"1"}},{"name":"os/linux/apparmor-profile","value":{"profile":"p"}}]"#
      ),
    ])
  func isolators(options: [String], expected: String) throws {
    let patched = try PatchRun.patched(options)
    #expect(PatchRun.member("app.isolators", of: patched) == expected)
  }

  @Test("help shows every option with the others of its kind")
  func help() throws {
    let help = try CommandFixture().appc("help", "patch-manifest").output
    for text in [
      "USAGE: appc patch-manifest [OPTIONS] IN [OUT]", "THE IMAGE:", "THE APP:", "THE APP'S ISOLATORS:",
    ] {
      #expect(help.contains(text))
    }
    for option in Self.cases.flatMap(\.options) where option.hasPrefix("--") {
      #expect(help.contains(option.prefix { $0 != "=" }), "\(option)")
    }
  }

  @Test("without options, and with what is there already, every byte stays")
  func untouched() throws {
    #expect(try PatchRun.run([]).output == PatchRun.manifest)
    #expect(
      try PatchRun.run([
        "--label=version=1.0", "--mount", "data,path=/data", "--port", "http,port=80", "--environment=A=1",
        "--isolator", "resource/memory,limit=1G", "--dependency", "example.com/two", "--user-label=l=v",
        "--pre-start", "/bin/pre", "--path-whitelist=/b",
      ]).output == PatchRun.manifest)
  }

  @Test("what is not named keeps its bytes: layout, order and members that nobody knows")
  func layout() throws {
    let output = try PatchRun.run(["--label", "version=1.1", "--environment", "A=9"]).output
    let expected = PatchRun.manifest.replacing(#""value": "1.0""#, with: #""value": "1.1""#)
      .replacing(#""value": "1"}"#, with: #""value": "9"}"#)
    #expect(output == expected)
  }

  @Test("--path-whitelist-file takes one path a line, from a file or standard input")
  func whitelistFile() throws {
    let fixture = try CommandFixture()
    let list = fixture.directory.appending("list")
    try fixture.write("# comment\n/x\n\n/y z\n/a\n", to: list)
    let patched = try PatchRun.patched(["--path-whitelist-file", list.string], fixture)
    #expect(PatchRun.member("pathWhitelist", of: patched) == #"["/a","/b","/x","/y z"]"#)
    let input = ["sh", "-c", #"exec "$@" < "$0""#, list.string]
    let replaced = try PatchRun.patched(
      ["--path-whitelist-file=-", "--clear-path-whitelist"], fixture, prefix: input)
    #expect(PatchRun.member("pathWhitelist", of: replaced) == #"["/x","/y z","/a"]"#)
  }

  @Test("an app is made of --exec, --user and --group, to which the other options may be added")
  func newApp() throws {
    let bare = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a"}"#
    let result = try PatchRun.run(
      ["--exec", "/x", "--user=0", "--group=1", "--port", "p,port=1"], of: bare)
    #expect(
      try PatchRun.member("app", of: JSONValue.parse(result.output))
        == #"{"exec":["/x"],"user":"0","group":"1","ports":[{"name":"p","protocol":"tcp","port":1,"count":1,"socketActivated":false}]}"#
    )
    for options in [
      ["--exec=/x"], ["--exec=/x", "--user=0"], ["--user=0", "--group=0"], ["--port", "p,port=1"],
      ["--seccomp-mode=retain", "--seccomp-set=a"], ["--remove-mount", "m"],
    ] {
      let result = try PatchRun.run(options, of: bare)
      #expect(
        result.status == 254 && result.error.contains("--exec, --user and --group together"), "\(options)")
    }
  }
}
