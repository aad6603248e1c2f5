/// Performs the pod's steps in order and stops at the first that fails.
func performPodSteps(_ section: PlanSection) -> StepFailure? {
  var steps = section
  var index: UInt32 = 0
  while let step = steps.next() {
    let outcome = performPodStep(step)
    if outcome < 0 { return StepFailure(step: index, error: -outcome) }
    index += 1
  }
  return nil
}

private let malformed: Int32 = -22

private func performPodStep(_ step: PlanStep) -> Int32 {
  var operands = step.operands
  switch step.opcode {
  case UInt32(APPC_OP_JOIN_CGROUP):
    guard let tasks = operands.number() else { return malformed }
    return joinCgroup(tasks)
  case UInt32(APPC_OP_WRITE_FILE):
    guard let path = operands.blob(), let content = operands.blob() else { return malformed }
    return write(content, to: k_open(path.cString, 1))
  case UInt32(APPC_OP_SCRATCH_ROOT):
    return takeScratchRoot()
  case UInt32(APPC_OP_LOOPBACK_UP):
    return k_loopback_up()
  case UInt32(APPC_OP_HOSTNAME):
    guard let name = operands.blob() else { return malformed }
    return k_hostname(name.start, UInt64(name.count))
  default:
    return malformed
  }
}

/// Moves this process into a v1 control group.
///
/// Done by itself, through `tasks`, it costs nothing; a parent that writes a pid to `cgroup.procs` waits
/// 10 ms.
func joinCgroup(_ tasks: UInt32) -> Int32 {
  var zero: UInt8 = 0x30
  return Int32(truncatingIfNeeded: k_write(descriptor(tasks), &zero, 1))
}

/// Writes a whole small file in one call, as the kernel's files want it, and closes it.
func write(_ content: PlanBlob, to file: Int32) -> Int32 {
  guard file >= 0 else { return file }
  let written = k_write(file, content.start, UInt64(content.count))
  _ = k_close(file)
  return written < 0 ? Int32(truncatingIfNeeded: written) : 0
}

/// Replaces the copy of the host's mounts by one small tmpfs that holds what apps' roots are put together
/// with: places to attach a lower and a writable directory, and what masks are made of.
private func takeScratchRoot() -> Int32 {
  var outcome = k_make_private()
  if outcome < 0 { return outcome }
  let filesystem = k_new_filesystem(cString("tmpfs"))
  if filesystem < 0 { return filesystem }
  outcome = k_set_option(filesystem, cString("mode"), cString("0700"))
  if outcome < 0 { return outcome }
  let root = k_finish_filesystem(filesystem, UInt32(APPC_MOUNT_NO_SUID | APPC_MOUNT_NO_EXEC))
  if root < 0 { return root }
  // Every Linux has a /proc to put it on for the moment that pivot_root needs.
  outcome = k_attach_at(root, cString("/proc"))
  if outcome == 0 { outcome = k_pivot(root) }
  _ = k_close(root)
  if outcome < 0 { return outcome }
  for name: StaticString in ["root", "lower", "writable", "empty"] {
    outcome = k_make_directory_at(atWorkingDirectory, cString(name), 0o555)
    if outcome < 0 { return outcome }
  }
  outcome = k_make_device_at(atWorkingDirectory, cString("null"), 0o666, 1, 3)
  return outcome < 0 ? outcome : takeOwnNullDevice()
}

/// Puts a null device of the pod's own at 0, 1 and 2.
///
/// Through the host's, which stood there until now, an app that runs as root could change the mode of the
/// host's `/dev/null`.
private func takeOwnNullDevice() -> Int32 {
  let null = k_open(cString("/null"), 2)
  if null < 0 { return null }
  for number: Int32 in 0..<3 {
    let outcome = k_duplicate(null, number)
    if outcome < 0 { return outcome }
  }
  return k_close(null)
}

let atWorkingDirectory: Int32 = -100

func cString(_ literal: StaticString) -> UnsafePointer<UInt8> { literal.utf8Start }
