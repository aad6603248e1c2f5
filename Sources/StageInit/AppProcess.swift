/// The one routine that starts every process of a pod.
///
/// It runs in the forked child and never returns.
///
/// The order is the security argument: file system, session, streams, then the bounding set is cut, groups
/// and ids change, every other descriptor is marked for exec to close; the kernel then leaves the program
/// exactly the bounding set if it runs as root, and nothing otherwise.
struct AppProcess {
  let app: PlanApp
  let index: UInt32
  /// The child's end of the pair over which pid 1 lets it go.
  private(set) var gate: Int32

  /// What the child says on its gate.
  static let ready: UInt8 = 0x52
  static let failed: UInt8 = 0x58

  mutating func start() -> Never {
    var steps = AppSteps()
    if let failure = steps.perform(app.steps) { stop(failure) }
    // What the plan makes has exact modes; an app gets the customary mask.
    k_umask(0o022)
    if let failure = becomeTheApp() { stop(failure) }
    closeTheRest()
    let program = lookUp()
    waitForGo()
    stop(StepFailure(step: UInt32(APPC_AT_EXEC), error: execute(program)))
  }

  private func becomeTheApp() -> StepFailure? {
    let process = app.process
    func check(_ phase: Int32, _ outcome: Int32) -> StepFailure? {
      outcome < 0 ? StepFailure(step: UInt32(bitPattern: phase), error: -outcome) : nil
    }
    if let failed = check(phase(APPC_AT_SESSION), k_new_session()) { return failed }
    // The launcher's keys are not the app's.
    if let failed = check(phase(APPC_AT_SESSION), k_new_keyring()) { return failed }
    if let failed = check(phase(APPC_AT_STREAMS), placeStreams(process)) { return failed }
    if let failed = check(
      phase(APPC_AT_CAPABILITIES), k_limit_capabilities(process.capabilitiesLow, process.capabilitiesHigh))
    {
      return failed
    }
    if let failed = check(phase(APPC_AT_GROUPS), setGroups(process)) { return failed }
    if let failed = check(phase(APPC_AT_USER), k_set_uid(process.uid)) { return failed }
    if let failed = check(phase(APPC_AT_CAPABILITIES), k_forget_inheritable()) { return failed }
    if process.flags & UInt32(APPC_PROCESS_NO_NEW_PRIVILEGES) != 0,
      let failed = check(phase(APPC_AT_CAPABILITIES), k_no_new_privileges())
    {
      return failed
    }
    // As the app's user, so that its rights decide; and never in a directory outside the root.
    // The descriptors of the plan are still open: a directory reached through one is outside the root.
    var outcome = k_change_directory(process.workingDirectory.cString)
    if outcome == 0 { outcome = k_inside_root() }
    return check(phase(APPC_AT_WORKING_DIRECTORY), outcome)
  }

  /// From here on the child has its streams, the gate and the way to the launcher.
  ///
  /// Otherwise a path such as `/proc/self/fd/9/bin/sh` would run a program of another app's root.
  private mutating func closeTheRest() {
    let own: Int32 = 3
    if gate != own, k_duplicate(gate, own) >= 0 { gate = own }
    _ = k_close_from(Int32(APPC_INIT_LAUNCHER) + 1)
  }

  private func phase(_ value: UInt32) -> Int32 { Int32(bitPattern: value) }

  /// Streams 0, 1 and 2: a descriptor of the plan, or the null device that pid 1 itself has there.
  private func placeStreams(_ process: PlanProcess) -> Int32 {
    let chosen = (process.streams.input, process.streams.output, process.streams.error)
    for (number, index) in [(Int32(0), chosen.0), (1, chosen.1), (2, chosen.2)] where index != none {
      let source = descriptor(index)
      // So that the app may open /dev/stdout and /dev/stderr by name, whatever its user.
      if number > 0 { _ = k_give_pipe(source, process.uid) }
      let outcome = k_duplicate(source, number)
      if outcome < 0 { return outcome }
    }
    return 0
  }

  private let none = UInt32(APPC_NONE)

  private func setGroups(_ process: PlanProcess) -> Int32 {
    let groups = process.groups
    let outcome = groups.withUnsafeBufferPointer { buffer in
      var nothing: UInt32 = 0
      guard let start = buffer.baseAddress else { return k_set_groups(&nothing, 0) }
      return k_set_groups(start, UInt64(buffer.count))
    }
    return outcome < 0 ? outcome : k_set_gid(process.gid)
  }

  /// The first candidate that the app's user may execute.
  ///
  /// Nothing may start if one of the pod's programs is missing, so this is known before the first app
  /// goes.
  private func lookUp() -> PlanBlob {
    var error: Int32 = -2
    for candidate in app.process.candidates {
      let outcome = k_executable(candidate.cString)
      if outcome == 0 { return candidate }
      if outcome != -2 && outcome != -20 { error = outcome }
    }
    stop(StepFailure(step: UInt32(APPC_AT_LOOKUP), error: -error))
  }

  private func waitForGo() {
    var byte = Self.ready
    _ = k_send(gate, &byte, 1)
    // Nothing comes when pid 1 gives up; but then this process ends with its namespace.
    guard k_read(gate, &byte, 1) == 1 else { k_exit(254) }
  }

  private func execute(_ program: PlanBlob) -> Int32 {
    _ = k_close_on_exec_from(3)
    let outcome = withPointers(to: app.process.arguments) { arguments in
      withPointers(to: app.process.environment) { environment in
        _ = k_unblock_signals()
        return k_execute(program.cString, arguments, environment)
      }
    }
    return -outcome
  }

  private func withPointers(
    to blobs: [PlanBlob], _ body: (UnsafePointer<UnsafePointer<UInt8>?>) -> Int32
  ) -> Int32 {
    var pointers: [UnsafePointer<UInt8>?] = []
    for blob in blobs { pointers.append(blob.cString) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return -12 }
      return body(start)
    }
  }

  private func stop(_ failure: StepFailure) -> Never {
    report(UInt32(APPC_REPORT_FAILED), app: index, step: failure.step, value: failure.error)
    var byte = Self.failed
    _ = k_send(gate, &byte, 1)
    k_exit(254)
  }
}
