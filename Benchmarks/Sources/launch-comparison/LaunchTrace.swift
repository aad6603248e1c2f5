import Measuring

/// One launch by Stage as the kernel saw it: who did what, and when each phase ended.
struct LaunchTrace {
  /// The processes of a launch: the launcher's thread, pid 1, the app until it runs its program, and the program.
  enum Role: String, CaseIterable {
    case launcher
    case pid1 = "pid 1"
    case app = "app before exec"
    case program = "/bin/true"
  }

  struct Call {
    let role: Role
    let name: String
    let start: Int64
    let end: Int64
  }

  private(set) var calls: [Call] = []
  let start: Int64
  let end: Int64
  /// When pid 1's program and the app's began.
  private var executions: [Role: Int64] = [:]
  private var exits: [Role: Int64] = [:]

  /// Takes the events between two marks; `launcher` is the thread that called.
  init?(_ events: ArraySlice<TraceEvent>, launcher: Int32) {
    guard let first = events.first, let last = events.last else { return nil }
    start = first.time
    end = last.time
    var roles: [Int32: Role] = [launcher: .launcher]
    var open: [Int32: (name: String, time: Int64)] = [:]
    for event in events {
      guard let role = roles[event.pid] else { continue }
      switch event.kind {
      case .fork(let child): roles[child] = role == .launcher ? .pid1 : .app
      case .enter: open[event.pid] = (event.name, event.time)
      case .leave:
        guard let begun = open.removeValue(forKey: event.pid), begun.name == event.name else { continue }
        calls.append(Call(role: role, name: event.name, start: begun.time, end: event.time))
      case .exec:
        executions[role] = executions[role] ?? event.time
        if role == .app { roles[event.pid] = .program }
      case .exit: exits[role] = event.time
      case .mark: continue
      }
    }
  }

  // MARK: Phases

  /// The phases of a launch in order, in microseconds; nil when something that divides them is missing.
  func phases() -> [(name: String, time: Int64)]? {
    func first(_ names: Set<String>, after time: Int64, _ role: Role = .launcher) -> Call? {
      calls.first { $0.role == role && $0.start >= time && names.contains($0.name) }
    }
    guard let directory = first(["mkdir", "mkdirat"], after: start),
      let moved = first(["rename", "renameat", "renameat2"], after: directory.end),
      let socket = first(["socketpair"], after: moved.end),
      let program = first(["memfd_create"], after: socket.end),
      let clone = calls.first(where: { $0.role == .launcher && $0.name == "clone3" }),
      let executed = executions[.pid1], let fork = first(["clone3"], after: executed, .pid1),
      let running = first(["recvfrom"], after: clone.end),
      let appExecuted = executions[.app], let appExit = exits[.program], let exit = exits[.pid1],
      let reaped = first(["waitid"], after: clone.end)
    else { return nil }
    let readied = calls.last { $0.role == .app && $0.name == "sendto" }?.start ?? appExecuted
    let boundaries: [(String, Int64)] = [
      ("launcher: plan, check", directory.start),
      ("launcher: pod directory", moved.end),
      ("launcher: cgroups", socket.start),
      ("launcher: descriptors", program.start),
      ("launcher: memfd of pid 1", clone.start),
      ("launcher: clone3 until pid 1's exec", executed),
      ("pid 1: its steps, until it forks the app", fork.start),
      ("app: fork and its steps", readied),
      ("app: released, until exec", appExecuted),
      ("app: /bin/true until it exits", appExit),
      ("pid 1: reaps, reports, exits", exit),
      ("kernel: namespaces torn down, until waitid returns", reaped.end),
      ("launcher: cgroups removed", end),
    ]
    var before = start
    var phases: [(String, Int64)] = []
    for (name, time) in boundaries {
      phases.append((name, time - before))
      before = time
    }
    phases.append(("(launch returns: RUNNING heard)", running.end - start))
    return phases
  }
}

/// Several traced launches, put together as tables.
struct TraceReport {
  let launches: [LaunchTrace]

  /// The median of each phase.
  func phaseTable() -> String {
    let all = launches.compactMap { $0.phases() }
    guard let names = all.first?.map(\.name) else { return "no launch could be divided into its phases" }
    var rows = [["phase", "median us", "min us"]]
    for (index, name) in names.enumerated() {
      let times = all.map { $0[index].time }.sorted()
      rows.append([name, "\(times[times.count / 2])", "\(times[0])"])
    }
    let totals = launches.map { $0.end - $0.start }.sorted()
    rows.append(["whole launch, traced", "\(totals[totals.count / 2])", "\(totals[0])"])
    return MarkdownTable.text(rows.map { $0 + [""] })
  }

  /// The system calls of a process that take the most time.
  func callTable(_ role: LaunchTrace.Role, limit: Int) -> String {
    let spent = launches.map { launch in
      let calls = launch.calls.filter { $0.role == role }
      var spent = Dictionary(grouping: calls, by: \.name)
        .mapValues { (count: $0.count, time: $0.reduce(0) { $0 + $1.end - $1.start }) }
      // Its own code, page faults, and waiting for a processor.
      if let first = calls.first, let last = calls.last {
        let inside = spent.values.reduce(0) { $0 + $1.time }
        spent["(between calls)"] = (calls.count - 1, last.end - first.start - inside)
      }
      return spent
    }
    let names = Set(spent.flatMap(\.keys))
    let lines = names.map { name -> (name: String, count: Int, times: [Int64]) in
      let each = spent.map { $0[name] ?? (0, 0) }
      return (name, each.map(\.count).sorted()[each.count / 2], each.map(\.time).sorted())
    }
    let sorted = lines.sorted {
      ($1.times[$1.times.count / 2], $0.name) < ($0.times[$0.times.count / 2], $1.name)
    }
    var rows = [["\(role.rawValue): call", "calls", "us in all, median", "min", "max", ""]]
    for line in sorted.prefix(limit) {
      let times = line.times
      rows.append([
        line.name, "\(line.count)", "\(times[times.count / 2])", "\(times[0])", "\(times[times.count - 1])",
        "",
      ])
    }
    return MarkdownTable.text(rows)
  }
}
