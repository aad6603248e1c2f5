/// Starts the apps of a pod in order, reaps whatever ends, passes signals on, and ends with the last app or
/// with the launcher.
struct Supervisor {
  private struct Member {
    var pid: Int32
    var gate: Int32
    var waitStatus: Int32?
  }

  private let plan: PlanReader
  private var members: [Member] = []
  private var running = 0

  init(plan: PlanReader) {
    self.plan = plan
  }

  // MARK: Starting

  /// Readies all apps at once, then lets them go one after another; false when one of them cannot start.
  ///
  /// Nothing runs before everything that can be checked has been checked in every app.
  mutating func startApps() -> Bool {
    for (index, app) in plan.apps.enumerated() {
      guard fork(app, UInt32(truncatingIfNeeded: index)) else { return false }
    }
    for index in 0..<members.count {
      guard isReady(index) else { return false }
    }
    closeEverythingElse()
    // Whoever may look into pid 1 (CAP_SYS_PTRACE) finds no rights there. Everything that needs some is done.
    guard k_keep_only_kill() == 0 else { return false }
    for index in 0..<members.count {
      guard letGo(index) else { return false }
    }
    report(UInt32(APPC_REPORT_RUNNING), value: 0)
    return true
  }

  private mutating func fork(_ app: PlanApp, _ index: UInt32) -> Bool {
    var pair: (Int32, Int32) = (-1, -1)
    var outcome = withUnsafeMutableBytes(of: &pair) { bytes in
      bytes.withMemoryRebound(to: Int32.self) { both in
        both.baseAddress.map { k_packet_pair($0) } ?? -22
      }
    }
    if outcome == 0 {
      let cgroup = app.process.cgroup
      outcome = k_fork(cgroup == UInt32(APPC_NONE) ? -1 : descriptor(cgroup))
      if outcome == 0 {
        // The other ends would hide from pid 1 that a sibling has gone.
        _ = k_close(pair.0)
        for member in members { _ = k_close(member.gate) }
        var process = AppProcess(app: app, index: index, gate: pair.1)
        process.start()
      }
    }
    guard outcome > 0 else {
      report(UInt32(APPC_REPORT_FAILED), app: index, step: UInt32(APPC_AT_FORK), value: -outcome)
      return false
    }
    _ = k_close(pair.1)
    members.append(Member(pid: outcome, gate: pair.0, waitStatus: nil))
    running += 1
    return true
  }

  /// Closes every descriptor that only starting needed, before the first program of an image runs.
  private mutating func closeEverythingElse() {
    // The gates move below the limit so that one call closes the rest.
    let firstFree = Int32(APPC_INIT_FIRST) + Int32(truncatingIfNeeded: plan.keptDescriptors)
    var next = Int32(APPC_INIT_FIRST) + Int32(truncatingIfNeeded: plan.descriptorCount)
    for member in members where member.gate >= next { next = member.gate + 1 }
    for index in 0..<members.count {
      let moved = next + Int32(truncatingIfNeeded: index)
      if k_duplicate(members[index].gate, moved) >= 0 {
        _ = k_close(members[index].gate)
        members[index].gate = moved
      }
    }
    for number in firstFree..<max(firstFree, next) { _ = k_close(number) }
    for index in 0..<members.count {
      let wanted = firstFree + Int32(truncatingIfNeeded: index)
      if k_duplicate(members[index].gate, wanted) >= 0 {
        _ = k_close(members[index].gate)
        members[index].gate = wanted
      }
    }
  }

  private mutating func letGo(_ index: Int) -> Bool {
    var go: UInt8 = 1
    let gate = members[index].gate
    guard k_send(gate, &go, 1) == 1 else { return false }
    // The gate closes when exec succeeds; a word on it means that it has not.
    let answer = read(members[index])
    _ = k_close(gate)
    guard case .closed = answer else { return false }
    recordStatus(index)
    report(
      UInt32(APPC_REPORT_STARTED), app: UInt32(truncatingIfNeeded: index), value: members[index].pid)
    return true
  }

  private func isReady(_ index: Int) -> Bool {
    switch read(members[index]) {
    case .word(AppProcess.ready): return true
    case .closed:
      let app = UInt32(truncatingIfNeeded: index)
      report(UInt32(APPC_REPORT_FAILED), app: app, step: UInt32(APPC_AT_LOST), value: 0)
      return false
    default: return false
    }
  }

  /// What came through a gate before the launcher went.
  private enum Answer {
    case word(UInt8)
    case closed
    case launcherGone
  }

  private func read(_ member: Member) -> Answer {
    let gate = member.gate
    while true {
      let outcome = k_await(gate, Int32(APPC_INIT_LAUNCHER))
      if outcome == 1 { break }
      guard outcome == 2 else { return .launcherGone }
      // An app that runs already may have stopped one that is still starting: that must not hold up the launcher.
      _ = k_kill(member.pid, 18)
    }
    var byte: UInt8 = 0
    return k_read(gate, &byte, 1) == 1 ? .word(byte) : .closed
  }

  // MARK: Running

  /// Watches until every app has ended, or the launcher has gone.
  ///
  /// The kernel ends whatever is left.
  mutating func run() -> Int32 {
    let signals = k_signal_descriptor()
    guard signals >= 0 else { return 254 }
    reap()
    while running > 0 {
      var ready: Int32 = 0
      guard k_poll2(signals, Int32(APPC_INIT_LAUNCHER), &ready) >= 0 else { return 254 }
      if ready & 1 != 0 {
        drain(signals)
        reap()
      }
      if ready & 2 != 0, !answerLauncher() { return 254 }
    }
    report(UInt32(APPC_REPORT_ENDED), value: 0)
    return 0
  }

  /// The signal only says that something may have ended: reap() finds out what.
  private func drain(_ signals: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { record in
      if let start = record.baseAddress { while k_read(signals, start, 128) > 0 {} }
    }
  }

  private mutating func reap() {
    var status: Int32 = 0
    while true {
      let pid = k_wait(&status)
      guard pid > 0 else { return }
      for index in 0..<members.count where members[index].pid == pid && members[index].waitStatus == nil {
        members[index].waitStatus = status
        running -= 1
        recordStatus(index)
        report(UInt32(APPC_REPORT_EXITED), app: UInt32(truncatingIfNeeded: index), value: status)
      }
    }
  }

  /// Does what the launcher asks; false when it has gone, and the pod with it.
  private func answerLauncher() -> Bool {
    var request: (UInt32, UInt32) = (0, 0)
    let size = k_receive(Int32(APPC_INIT_LAUNCHER), &request, UInt64(APPC_REQUEST_BYTES))
    if size == 0 { return false }
    guard size == Int64(APPC_REQUEST_BYTES), request.1 > 0, request.1 <= 64 else { return true }
    let toGroup = request.0 == UInt32(APPC_REQUEST_SIGNAL_GROUP)
    for member in members where member.waitStatus == nil {
      _ = k_kill(toGroup ? -member.pid : member.pid, Int32(truncatingIfNeeded: request.1))
    }
    return true
  }

  // MARK: Status

  /// Leaves the app's state in its directory, where it outlives everybody.
  private func recordStatus(_ index: Int) {
    let member = members[index]
    let text = StatusRecord(pid: member.pid, waitStatus: member.waitStatus).text()
    let directory = descriptor(plan.appsDirectory)
    let name = plan.apps[index].process.name
    withPath(name, "/status.new") { new in
      withPath(name, "/status.json") { final in
        let file = k_create_at(directory, new)
        guard file >= 0 else { return }
        let written = text.withUnsafeBytes { bytes in
          bytes.baseAddress.map { k_write(file, $0, UInt64(bytes.count)) } ?? 0
        }
        _ = k_close(file)
        if written == Int64(text.count) { _ = k_rename_at(directory, new, final) }
      }
    }
  }

  private func withPath(_ name: PlanBlob, _ suffix: StaticString, _ body: (UnsafePointer<UInt8>) -> Void) {
    var path: [UInt8] = []
    for index in 0..<name.count { path.append(name.cString[index]) }
    for index in 0..<suffix.utf8CodeUnitCount { path.append(suffix.utf8Start[index]) }
    path.append(0)
    path.withUnsafeBufferPointer { if let start = $0.baseAddress { body(start) } }
  }
}
