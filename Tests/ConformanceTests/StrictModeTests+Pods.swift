import AppcSchema
import Testing

extension StrictModeTests {
  @Test(
    "J: isolators of apps",
    arguments: [
      ModeCase("J4", #"{"name":"os/linux/seccomp-remove-set","value":{"set":["a"],"errno":""}}"#, .taken),
      ModeCase(
        "J4", #"{"name":"os/linux/seccomp-remove-set","value":{"set":["a"],"errno":"eperm"}}"#, .refused),
      ModeCase("J4", #"{"name":"os/linux/seccomp-remove-set","value":{"set":[]}}"#, .refused),
      ModeCase(
        "J6",
        #"{"name":"os/linux/selinux-context","value":{"user":"u","role":"r:s","type":"t","level":"s0:c0"}}"#,
        .refused),
      ModeCase("J7", #"{"name":"os/linux/apparmor-profile","value":{"profile":""}}"#, .refused),
      ModeCase("J8", #"{"name":"os/linux/capabilities-remove-set","value":{"set":["CAP_PONIES"]}}"#, .taken),
      ModeCase("J8", #"{"name":"os/linux/capabilities-remove-set","value":{"set":["ponies"]}}"#, .warned),
      ModeCase("J9", #"{"name":"os/linux/capabilities-retain-set","value":{}}"#, .refused),
      ModeCase("J10", #"{"name":"os/linux/no-new-privileges","value":null}"#, .refused),
      ModeCase("J11", #"{"name":"os/linux/oom-score-adj","value":1001}"#, .refused),
      ModeCase("J12", #"{"name":"os/linux/cpu-shares","value":1024.0}"#, .refused),
      ModeCase("J13", #"{"name":"resource/block-bandwidth","value":{"limit":"1"}}"#, .refused),
      ModeCase("J14", #"{"name":"resource/block-iops","value":{"default":true,"request":"1"}}"#, .refused),
      ModeCase("J15", #"{"name":"resource/cpu","value":{"default":true,"limit":"1"}}"#, .refused),
      ModeCase(deviation: "J16", #"{"name":"resource/memory","value":{"request":"-1G"}}"#),
      ModeCase(
        "J17", #"{"name":"resource/network-bandwidth","value":{"default":false,"limit":"1"}}"#, .refused),
      ModeCase("J18", #"{"name":"os/unix/sysctl","value":{"a":1}}"#, .refused),
      ModeCase("J18", #"{"name":"os/unix/sysctl","value":{}}"#, .taken),
      ModeCase("J19", #"{"name":"resource/memory","value":{}}"#, .warned),
      ModeCase(
        "J3", #"{"name":"os/linux/cpu-shares","value":2},{"name":"os/linux/cpu-shares","value":3}"#, .refused),
      ModeCase(
        "J3",
        #"{"name":"resource/memory","value":{"limit":"1"}},{"name":"resource/memory","value":{"limit":"2"}}"#,
        .warned),
      ModeCase(
        "J4",
        #"{"name":"os/linux/seccomp-remove-set","value":{"set":["a"]}},{"name":"os/linux/seccomp-retain-set","value":{"set":["a"]}}"#,
        .refused),
      ModeCase(
        deviation: "J9",
        #"{"name":"os/linux/capabilities-remove-set","value":{"set":["CAP_KILL"]}},{"name":"os/linux/capabilities-retain-set","value":{"set":["CAP_KILL"]}}"#
      ),
    ])
  func appIsolators(test: ModeCase) { test.checkIsolator() }

  @Test(
    "J: isolators of pods, whose sets the reference does not look at",
    arguments: [
      ModeCase(
        deviation: "J3",
        #""isolators":[{"name":"os/linux/cpu-shares","value":2},{"name":"os/linux/cpu-shares","value":3}]"#),
      ModeCase(
        deviation: "J4",
        #""isolators":[{"name":"os/linux/seccomp-remove-set","value":{"set":["a"]}},{"name":"os/linux/seccomp-retain-set","value":{"set":["a"]}}]"#
      ),
    ])
  func podIsolators(test: ModeCase) { test.checkPod() }

  @Test(
    "K5: volumes",
    arguments: [
      ModeCase(
        "K5", #"[{"name":"a","kind":"host","source":"/x","readOnly":true,"recursive":false}]"#, .taken),
      ModeCase("K5", #"[{"name":"a","kind":"host","source":"x"}]"#, .refused),
      ModeCase("K5", #"[{"name":"a","kind":"host","source":"/x","mode":"0755"}]"#, .refused),
      ModeCase("K5", #"[{"name":"a","kind":"empty","source":"/x"}]"#, .refused),
      ModeCase("K5", #"[{"name":"a","kind":"tmpfs"}]"#, .refused),
      ModeCase("K5", #"[{"name":"a","kind":"empty","uid":-1}]"#, .refused),
      ModeCase("K5", #"[{"name":"a","kind":"empty"},{"name":"a","kind":"empty"}]"#, .refused),
      ModeCase(deviation: "K5", #"[{"name":"a","kind":"empty","mode":"rwx"}]"#),
      ModeCase(deviation: "K5", #"[{"name":"a","kind":"empty","mode":""}]"#),
      ModeCase(deviation: "K5", #"[{"name":"a","kind":"empty","recursive":true}]"#),
    ])
  func volumes(test: ModeCase) {
    ModeCase(test.rule, #""volumes":"# + test.json, strict: test.strict, tolerant: test.tolerant).checkPod()
  }

  @Test(
    "K6, L3 to L9: apps of pods",
    arguments: [
      ModeCase("L3", #"{"image":{}}"#, .refused), ModeCase(deviation: "L4", #"{"name":"a"}"#),
      ModeCase("L4", #"{"name":"a","image":{"name":"example.com/a"}}"#, .taken),
      ModeCase("A8", #"{"name":"a","image":{"id":"sha512-abc"}}"#, .refused),
      ModeCase(deviation: "A8", #"{"name":"a","image":{"id":"sha512-..."}}"#),
      ModeCase("L5", #"{"name":"a","image":{"labels":[{"name":"name","value":""}]}}"#, .refused),
      ModeCase("E2", #"{"name":"a","image":{},"app":{}}"#, .refused),
      ModeCase("L7", #"{"name":"a","image":{},"readOnlyRootFS":"yes"}"#, .refused),
      ModeCase(deviation: "K6", #"{"name":"a","image":{},"mounts":[{"volume":"v"}]}"#),
      ModeCase("K6", #"{"name":"a","image":{},"mounts":[{"path":"/x"}]}"#, .refused),
      ModeCase(
        "K5",
        #"{"name":"a","image":{},"mounts":[{"volume":"v","path":"/x","appVolume":{"name":"v","kind":"host"}}]}"#,
        .refused),
      ModeCase("L2", #"{"name":"a","image":{}},{"name":"a","image":{}}"#, .refused),
    ])
  func runtimeApps(test: ModeCase) { test.checkRuntimeApp() }

  @Test(
    "L: pod manifests",
    arguments: [
      ModeCase("D10", #""annotations":[{"name":"a","value":""},{"name":"a","value":""}]"#, .refused),
      ModeCase(deviation: "L13", #""ports":[{"name":"a"}]"#),
      ModeCase(deviation: "L13", #""ports":[{"name":"a","hostPort":0}]"#),
      ModeCase("L13", #""ports":[{"name":"a","hostPort":70000}]"#, .refused),
      ModeCase(deviation: "L13", #""ports":[{"name":"a","hostPort":1,"hostIP":"::1"}]"#),
      ModeCase("L13", #""ports":[{"name":"a","hostPort":1,"hostIP":"x"}]"#, .refused),
      ModeCase(deviation: "L13", #""ports":[{"name":"a","hostPort":1},{"name":"a","hostPort":2}]"#),
      ModeCase("L14", #""userLabels":{"a b":"c"}"#, .taken),
      ModeCase("L14", #""userLabels":{"a":1}"#, .refused),
    ])
  func pods(test: ModeCase) { test.checkPod() }

  @Test("L1, L2: a pod without version or apps is tolerated")
  func incompletePods() {
    ModeCase(deviation: "L1", "").check(in: #"{"acKind":"PodManifest","apps":[]}"#) {
      try PodManifest.read($0, mode: $1).diagnostics
    }
    ModeCase(deviation: "L2", "").check(in: #"{"acKind":"PodManifest","acVersion":"0.8.11"}"#) {
      try PodManifest.read($0, mode: $1).diagnostics
    }
  }
}
