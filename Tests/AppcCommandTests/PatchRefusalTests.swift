import AppcSchema
import Glibc
import SystemPackage
import Testing

@testable import appc

@Suite("appc patch-manifest: what it refuses")
struct PatchRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let options: [String]
    let words: [String]

    var testDescription: String { options.joined(separator: " ") }
  }

  static let cases: [Case] = [
    Case(options: ["--name", "Ex/A"], words: ["--name", "Ex/A"]),
    Case(options: ["--label", "novalue"], words: ["--label", "name=value"]),
    Case(options: ["--label", "name=x"], words: ["--label", "name"]),
    Case(options: ["--label", "arch=s390"], words: ["--label", "D11", "s390"]),
    Case(options: ["--label", "a--b=1"], words: ["--label", "A1"]),
    Case(options: ["--label", "v=1", "--label", "v=2"], words: ["--label", "label v", "twice"]),
    Case(options: ["--remove-label", "nope"], words: ["--remove-label", "nope"]),
    Case(options: ["--annotation", "created=yesterday"], words: ["--annotation", "yesterday"]),
    Case(options: ["--remove-annotation", "nope"], words: ["--remove-annotation", "nope"]),
    Case(options: ["--dependency", PatchManifestTests.id], words: ["--dependency", "name"]),
    Case(options: ["--dependency", "a,size=x"], words: ["--dependency", "size="]),
    Case(options: ["--dependency", "a,size=1,size=2"], words: ["--dependency", "twice"]),
    Case(options: ["--dependency", "a,id=sha512-ab"], words: ["--dependency", "sha512-ab"]),
    Case(options: ["--remove-dependency", "nope"], words: ["--remove-dependency", "nope"]),
    Case(options: ["--path-whitelist", "relative"], words: ["--path-whitelist", "D9"]),
    Case(options: ["--path-whitelist", "/a/../.."], words: ["--path-whitelist", "D9"]),
    Case(options: ["--path-whitelist-file", "/no/such"], words: ["--path-whitelist-file", "/no/such"]),
    Case(options: ["--exec", " "], words: ["--exec", "command"]),
    Case(options: ["--exec", "'open"], words: ["--exec", "quote"]),
    Case(options: ["--user", ""], words: ["--user", "E2"]),
    Case(options: ["--supplementary-groups", "1,-1"], words: ["--supplementary-groups", "-1"]),
    Case(
      options: ["--supplementary-groups", "4294967295"], words: ["--supplementary-groups", "4294967295"]),
    Case(options: ["--environment", "1A=x"], words: ["--environment", "1A"]),
    Case(options: ["--remove-environment", "NOPE"], words: ["--remove-environment", "NOPE"]),
    Case(options: ["--working-directory", "rel"], words: ["--working-directory", "E5"]),
    Case(options: ["--post-stop", "[]"], words: ["--post-stop", "E4"]),
    Case(options: ["--remove-post-stop"], words: ["--remove-post-stop", "post-stop"]),
    Case(options: ["--mount", "m,path=rel"], words: ["--mount", "E8"]),
    Case(options: ["--mounts", "m,path=/a:m,path=/b"], words: ["--mounts", "mount point m", "twice"]),
    Case(options: ["--port", "p,port=0"], words: ["--port", "port"]),
    Case(options: ["--port", "p,port=65535,count=2"], words: ["--port", "65535"]),
    Case(options: ["--remove-port", "nope"], words: ["--remove-port", "nope"]),
    Case(options: ["--user-label", "x"], words: ["--user-label"]),
    Case(options: ["--capability", "A,,B"], words: ["--capability", "empty"]),
    Case(
      options: ["--capability=A", "--revoke-capability=B"], words: ["--capability", "--revoke-capability"]),
    Case(options: ["--seccomp-set", "a"], words: ["--seccomp-mode"]),
    Case(options: ["--seccomp-mode", "retain"], words: ["--seccomp-set"]),
    Case(options: ["--seccomp-mode", "keep", "--seccomp-set", "a"], words: ["--seccomp-mode", "keep"]),
    Case(options: ["--seccomp-mode=retain,errno=perm", "--seccomp-set=a"], words: ["--seccomp-mode", "J4"]),
    Case(options: ["--isolator", "resource/memory,limit=lots"], words: ["--isolator", "lots"]),
    Case(options: ["--isolator", "os/linux/capabilities-retain-set,CAP_KILL"], words: ["--isolator", "J9"]),
    Case(
      options: ["--isolators", "resource/cpu,limit=1:resource/cpu,limit=2"], words: ["--isolators", "twice"]),
    Case(options: ["--remove-isolator", "nope"], words: ["--remove-isolator", "nope"]),
    Case(options: ["--manifest", "/dev/null"], words: ["--manifest"]),
    Case(options: ["--compression", "gzip"], words: ["images"]),
    Case(options: ["--compression", "rar"], words: ["--compression", "rar"]),
    Case(options: ["--replace"], words: ["--replace", "OUT"]),
    Case(options: ["--frob"], words: ["--frob"]),
  ]

  @Test("what makes no sense is refused in one line that names the option, with 254", arguments: cases)
  func refusal(_ example: Case) throws {
    let result = try PatchRun.run(example.options)
    #expect(result.status == 254 && result.output == "")
    #expect(
      result.error.hasPrefix("appc: ") && result.error.split(separator: "\n").count == 1, "\(result.error)")
    for word in example.words { #expect(result.error.contains(word), "\(result.error)") }
  }

  @Test("what was wrong before is no reason to refuse; the same thing made wrong now is")
  func oldProblems() throws {
    let manifest =
      #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex--a","labels":[{"name":"a--b","value":"1"}]}"#
    let result = try PatchRun.run(["--label=c=2"], of: manifest)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains("a--b") && result.output.contains("ex--a"))
    #expect(try PatchRun.run(["--remove-label=a--b"], of: manifest).status == 0)
    #expect(try PatchRun.run(["--label=c--d=2"], of: manifest).status == 254)
  }

  @Test("what is only doubtful is done, with a warning")
  func warnings() throws {
    let result = try PatchRun.run(["--capability", "PONIES"])
    #expect(result.status == 0 && result.output.contains("PONIES"))
    #expect(result.error.hasPrefix("appc: warning: $.app.isolators[0]"), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
  }

  @Test("one of several dependencies on an image cannot be told apart")
  func ambiguousDependency() throws {
    let manifest = """
      {"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/a",
       "dependencies":[{"imageName":"b"},{"imageName":"c"},{"imageName":"b"}]}
      """
    let result = try PatchRun.run(["--dependency=b:2"], of: manifest)
    #expect(result.status == 254 && result.error.contains("several dependencies on b"), "\(result.error)")
    let replaced = try PatchRun.run(["--remove-dependency=b", "--dependency=b:2"], of: manifest)
    #expect(
      try PatchRun.member("dependencies", of: JSONValue.parse(replaced.output))
        == #"[{"imageName":"c"},{"imageName":"b","labels":[{"name":"version","value":"2"}]}]"#)
  }

  @Test(
    "standard input for two options, of which the second would find nothing",
    arguments: [["--manifest", "-"], ["--path-whitelist-file", "-"]])
  func standardInputTwice(options: [String]) throws {
    let result = try PatchRun.run(
      options + ["--path-whitelist-file", "-"], prefix: ["/bin/sh", "-c", "exec \"$@\" < /dev/null", "sh"])
    #expect(result.status == 254 && result.output.isEmpty)
    #expect(result.error == "appc: standard input can be read once: give - to one option alone\n")
  }
}

@Suite("Commands in one text")
struct CommandWordsTests {
  @Test(
    "words are split at blanks and quoted as in a shell",
    arguments: [
      ("/bin/x", ["/bin/x"]), ("  a \t b\nc ", ["a", "b", "c"]), ("a 'b  c' d", ["a", "b  c", "d"]),
      (#"a "b \"c\" \$d \e" f"#, ["a", #"b "c" $d \e"#, "f"]), (#"a\ b \'c"#, ["a b", "'c"]),
      ("a '' \"\"", ["a", "", ""]), ("a'b'\"c\"d", ["abcd"]),
      ("a $HOME * ; # |", ["a", "$HOME", "*", ";", "#", "|"]),
      ("é 'ü x'", ["é", "ü x"]), (#"["a","b c"]"#, ["a", "b c"]), ("[]", []), ("[ a", ["[", "a"]),
    ])
  func words(text: String, words: [String]) throws {
    #expect(try CommandWords.parse(text) == words)
  }

  @Test(
    "what is not closed, and nothing at all, is refused",
    arguments: ["", " ", "'a", "\"a", "a\\", #"["a""#, #"["a",1]"#])
  func refusals(text: String) {
    #expect(throws: (any Error).self) { try CommandWords.parse(text) }
  }
}
