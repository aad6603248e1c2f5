// Pid 1 of a pod. It applies the plan it is given, starts the apps, reaps, and reports; it decides nothing.

/// Called by the entry point once the process is non-dumpable.
@c(stage_init_main)
func stageInitMain() -> Int32 {
  _ = k_block_signals()
  k_umask(0)
  guard let plan = mappedPlan() else {
    report(UInt32(APPC_REPORT_FAILED), step: UInt32(APPC_AT_PLAN), value: 22)
    return 254
  }
  if let failure = performPodSteps(plan.podSteps) {
    report(UInt32(APPC_REPORT_FAILED), step: failure.step, value: failure.error)
    return 254
  }
  var supervisor = Supervisor(plan: plan)
  guard supervisor.startApps() else { return 254 }
  return supervisor.run()
}

private func mappedPlan() -> PlanReader? {
  var size: UInt64 = 0
  guard let start = k_map(Int32(APPC_INIT_PLAN), &size), let count = Int(exactly: size) else { return nil }
  _ = k_close(Int32(APPC_INIT_PLAN))
  return PlanReader(
    UnsafeRawBufferPointer(start: start, count: count), magic: UInt32(APPC_PLAN_MAGIC),
    version: UInt32(APPC_PLAN_VERSION))
}

/// A step that did not work: its index in its section, or one of `APPC_AT_...`, and the errno.
struct StepFailure {
  let step: UInt32
  let error: Int32
}

/// The number under which the plan's descriptor `index` is open.
func descriptor(_ index: UInt32) -> Int32 {
  guard index <= 4096 else { return -1 }
  return Int32(APPC_INIT_FIRST) + Int32(truncatingIfNeeded: index)
}

/// Sends one packet to the launcher.
///
/// When it has gone there is nobody to tell.
func report(_ kind: UInt32, app: UInt32 = UInt32(APPC_NONE), step: UInt32 = UInt32(APPC_NONE), value: Int32) {
  var packet = (kind, app, step, UInt32(bitPattern: value))
  _ = k_send(Int32(APPC_INIT_LAUNCHER), &packet, UInt64(APPC_REPORT_BYTES))
}
