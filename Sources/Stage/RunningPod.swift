public import AppcSchema
import CAppcLinux
import Glibc
import Synchronization
import SystemPackage

/// A pod whose pid 1 this process has started.
///
/// The pod lives as long as this value: when it goes, or this process does, however that happens, every process
/// of the pod is ended and its mounts are gone. Safe to use from several threads.
public final class RunningPod: Sendable {
  /// The pod's identity.
  public let uuid: PodUUID
  /// The plan by which it was started.
  public let plan: LaunchPlan
  private let directory: PodDirectory
  private let cgroups: PodCgroups
  // Owned: closed in deinit, and nowhere else.
  private let connection: FileDescriptor
  private let pidfd: FileDescriptor
  private let state: Mutex<State>
  // Not in the state, which whoever waits has locked.
  private let wasKilled = Atomic(false)

  private struct State {
    var exits: [AppExit?]
    var result: PodExit?
    var hasEnded = false
    var trap: Int32?
    var isReaped = false
  }

  init(
    uuid: PodUUID, directory: PodDirectory, plan: LaunchPlan, cgroups: PodCgroups,
    connection: consuming OwnedDescriptor, pidfd: consuming OwnedDescriptor
  ) {
    self.uuid = uuid
    self.directory = directory
    self.plan = plan
    self.cgroups = cgroups
    self.connection = connection.release()
    self.pidfd = pidfd.release()
    state = Mutex(State(exits: Array(repeating: nil, count: plan.apps.count)))
  }

  deinit {
    let isReaped = state.withLock { $0.isReaped }
    if !isReaped {
      kill()
      var status: Int32 = 0
      _ = appc_wait_pidfd(pidfd.rawValue, &status)
    }
    try? connection.close()
    try? pidfd.close()
  }

  // MARK: Asking

  /// Sends a signal to the first process of every app, or with `toGroup` to its process group.
  ///
  /// Returns at once; a pod that has ended is no error.
  public func signal(_ signal: Int32, toGroup: Bool = false) {
    var request = (
      UInt32(toGroup ? APPC_REQUEST_SIGNAL_GROUP : APPC_REQUEST_SIGNAL), UInt32(bitPattern: signal)
    )
    _ = send(connection.rawValue, &request, Int(APPC_REQUEST_BYTES), Int32(MSG_NOSIGNAL))
  }

  /// Ends every process of the pod.
  ///
  /// Returns at once; ``wait()`` tells when it is done.
  public func kill() {
    wasKilled.store(true, ordering: .relaxed)
    _ = appc_signal_pidfd(pidfd.rawValue, SIGKILL)
  }

  // MARK: Waiting

  /// Blocks until every app has ended and nothing of the pod runs any more, and returns how they ended.
  ///
  /// The pod's control groups are removed; its directory stays, for `list` and `status`, until it is removed.
  /// May be called again, and from several threads.
  ///
  /// - Throws: ``StageError`` with `.supervisor` when pid 1 ended before the apps did.
  public func wait() throws(StageError) -> PodExit {
    let outcome: Result<PodExit, StageError> = state.withLock { state in
      if let result = state.result { return .success(result) }
      while let report = receive() { take(report, into: &state) }
      let status = reap(&state)
      cgroups.remove(uuid, waiting: 1000)
      if let trap = state.trap {
        return .failure(
          StageError(
            .supervisor, "running pod", uuid.description,
            detail: "a defect stopped its pid 1 (signal \(trap))"))
      }
      if !state.hasEnded, !wasKilled.load(ordering: .relaxed), state.exits.contains(nil) {
        return .failure(
          StageError(
            .supervisor, "running pod", uuid.description,
            detail: "its pid 1 was ended by \(AppExit(waitStatus: status)), and the apps with it"))
      }
      let result = PodExit(
        apps: zip(plan.apps, state.exits).map {
          ($0.name, $1 ?? .signaled(status & 0x7f == 0 ? SIGKILL : status & 0x7f))
        })
      state.result = result
      return .success(result)
    }
    return try outcome.get()
  }

  /// Hears from pid 1 until all apps have started; throws, with everything ended, if one cannot.
  func awaitStart() throws(StageError) {
    let failure: StageError? = state.withLock { state in
      while let report = receive() {
        switch report.kind {
        case UInt32(APPC_REPORT_RUNNING): return nil
        case UInt32(APPC_REPORT_FAILED): return error(of: report)
        default: take(report, into: &state)
        }
      }
      let trap = state.trap.map { "a defect stopped it (signal \($0))" } ?? "it ended without a word"
      return StageError(.supervisor, "starting pod", uuid.description, detail: "its pid 1 failed: " + trap)
    }
    guard let failure else { return }
    kill()
    state.withLock { _ = reap(&$0) }
    throw failure
  }

  private func error(of report: Report) -> StageError {
    let app = report.app == UInt32(APPC_NONE) ? nil : Int(exactly: report.app)
    let name = app.flatMap { plan.apps.indices.contains($0) ? plan.apps[$0].name : nil }
    let sentence = plan.sentence(app: app, step: report.step)
    let isLookup = report.step == UInt32(APPC_AT_LOOKUP)
    let isExecution = isLookup || report.step == UInt32(APPC_AT_EXEC)
    let errno = Errno(rawValue: report.value)
    var detail = ""
    if report.step == UInt32(APPC_AT_LOST) {
      return StageError(
        .launch, name.map { "starting app \($0):" } ?? "starting pod:", sentence,
        detail: "its memory limit may be too small")
    }
    if errno == .improperLink {
      detail = "it would have to be made inside a volume; make it there first, or mount elsewhere"
    }
    if isLookup, errno == .noSuchFileOrDirectory { detail = "its image has no such program" }
    if !isLookup, isExecution, errno == .noSuchFileOrDirectory {
      detail = "the program is there, but the interpreter or loader that it names is not"
    }
    return StageError(
      isExecution ? .executable : .launch, name.map { "starting app \($0):" } ?? "starting pod:", sentence,
      detail: detail, errno: errno)
  }

  private func reap(_ state: inout State) -> Int32 {
    guard !state.isReaped else { return 0 }
    var status: Int32 = 0
    // ECHILD: the host's own code has waited for it. What pid 1 said is what counts.
    _ = appc_wait_pidfd(pidfd.rawValue, &status)
    state.isReaped = true
    return status
  }

  // MARK: Reports

  private struct Report {
    var kind: UInt32
    var app: UInt32
    var step: UInt32
    var value: Int32
  }

  private func receive() -> Report? {
    var packet: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    while true {
      let size = recv(connection.rawValue, &packet, Int(APPC_REPORT_BYTES), 0)
      if size == Int(APPC_REPORT_BYTES) {
        return Report(kind: packet.0, app: packet.1, step: packet.2, value: Int32(bitPattern: packet.3))
      }
      // 0: pid 1 has gone, and with it every process that could hold the other end.
      guard size < 0, errno == EINTR else { return nil }
    }
  }

  private func take(_ report: Report, into state: inout State) {
    switch report.kind {
    case UInt32(APPC_REPORT_EXITED):
      if let app = Int(exactly: report.app), state.exits.indices.contains(app) {
        state.exits[app] = AppExit(waitStatus: report.value)
      }
    case UInt32(APPC_REPORT_ENDED): state.hasEnded = true
    case UInt32(APPC_REPORT_TRAPPED): state.trap = report.value
    default: break
    }
  }
}

/// How a pod ended.
public struct PodExit: Sendable {
  /// Each app's name and end, in the order of the manifest.
  public let apps: [(name: String, exit: AppExit)]

  /// 0, or the first non-zero status in app order.
  public var status: Int32 { apps.first { $0.exit.status != 0 }?.exit.status ?? 0 }

  init(apps: [(String, AppExit)]) {
    self.apps = apps.map { (name: $0.0, exit: $0.1) }
  }
}
