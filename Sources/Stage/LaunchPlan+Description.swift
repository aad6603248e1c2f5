import AppcSchema
import CAppcLinux

extension LaunchPlan: CustomStringConvertible {
  /// The plan for a reader: one line a descriptor, a step and a fact of each process.
  public var description: String {
    var lines = descriptors.enumerated().map { "descriptor \($0): \($1.sentence)" }
    lines += podSteps.map { "pod: \($0.sentence)" }
    for app in apps {
      lines += app.steps.map { "app \(app.name): \($0.sentence)" }
      lines += app.process.sentences.map { "app \(app.name): \($0)" }
    }
    lines += warnings.map { "warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// What was being done at a place that pid 1 reports a failure of; app nil is the pod itself.
  func sentence(app: Int?, step: UInt32) -> String {
    if let app, apps.indices.contains(app) {
      if let index = Int(exactly: step), apps[app].steps.indices.contains(index) {
        return apps[app].steps[index].sentence
      }
      return apps[app].process.sentence(at: step)
    }
    if let index = Int(exactly: step), podSteps.indices.contains(index) { return podSteps[index].sentence }
    return step == UInt32(APPC_AT_PLAN) ? "reading the launch plan" : "step \(step)"
  }
}

extension LaunchPlan.Descriptor {
  var sentence: String {
    switch self {
    case .lock: "the pod's lock"
    case .lease(let number): "lease \(number) of the caller"
    case .appsDirectory: "the directory of the apps' status"
    case .tasks(let controller, let app):
      "the \(controller) control group of \(app.map { "app " + $0 } ?? "the pod")"
    case .appCgroup(let app): "the control group of app \(app)"
    case .root(let app): "the root tree of app \(app)"
    case .writable(let app): "the writable layer of app \(app)"
    case .volume(let use):
      "volume \(use.volume) for app \(use.app) at \(printable(use.target))"
        + (use.readOnly ? ", read-only" : "") + (use.recursive ? ", recursive" : "")
    case .stream(let app, let number): "stream \(number) of app \(app)"
    }
  }
}

extension LaunchPlan.PodStep {
  var sentence: String {
    switch self {
    case .joinCgroup(_, let controller): "entering the pod's \(controller) control group"
    case .writeFile(let path, let content): "writing \(printable(content)) to \(printable(path))"
    case .scratchRoot: "leaving the host's mounts"
    case .loopbackUp: "bringing the loopback interface up"
    case .hostname(let name): "setting the host name to \(printable(name))"
    }
  }
}

extension LaunchPlan.AppStep {
  var sentence: String {
    switch self {
    case .joinCgroup(_, let controller): "entering its \(controller) control group"
    case .cgroupNamespace: "making a cgroup namespace"
    case .overlayRoot(_, _, let attributes): "mounting the root, an overlay\(attributes.suffix)"
    case .bindRoot(_, let attributes): "mounting the root\(attributes.suffix)"
    case .directory(let target, _, _): "making the directory \(printable(target))"
    case .file(let target): "making the file \(printable(target))"
    case .mount(let type, let target, let attributes, _):
      "mounting \(type) at \(printable(target))\(attributes.suffix)"
    case .attach(_, let volume, let target, _): "mounting volume \(volume) at \(printable(target))"
    case .device(let target, let major, let minor, _):
      "making the device \(printable(target)) (\(major):\(minor))"
    case .symlink(let target, let text): "making the link \(printable(target)) to \(printable(text))"
    case .readOnly(let target): "making \(printable(target)) read-only"
    case .mask(let target): "hiding \(printable(target))"
    case .writeOwnFile(let target, let content): "writing \(printable(content)) to \(printable(target))"
    case .restrictRoot(let attributes): "restricting the root\(attributes.suffix)"
    case .enterRoot: "making the root its own"
    }
  }
}

extension LaunchPlan.MountAttributes {
  fileprivate var suffix: String {
    let names: [(Self, String)] = [
      (.readOnly, "read-only"), (.noSetUserID, "nosuid"), (.noDevices, "nodev"), (.noExecution, "noexec"),
    ]
    return names.filter { contains($0.0) }.map { ", " + $0.1 }.joined()
  }
}

extension LaunchPlan.Process {
  fileprivate var sentences: [String] {
    [
      "user \(uid), group \(gid), groups \(groups)",
      "capabilities \(capabilities)" + (noNewPrivileges ? ", no new privileges" : ""),
      "in \(printable(workingDirectory))",
      "environment " + environment.map { printable($0) }.joined(separator: " "),
      "running " + arguments.map { printable($0) }.joined(separator: " "),
    ]
  }

  fileprivate var program: String { arguments.first.map { printable($0) } ?? "" }

  fileprivate func sentence(at phase: UInt32) -> String {
    switch phase {
    case UInt32(APPC_AT_FORK): "starting a process"
    case UInt32(APPC_AT_LOST): "preparing its process, which was killed"
    case UInt32(APPC_AT_SESSION): "starting a session"
    case UInt32(APPC_AT_STREAMS): "placing its streams"
    case UInt32(APPC_AT_CAPABILITIES): "limiting its capabilities to \(capabilities)"
    case UInt32(APPC_AT_GROUPS): "setting its groups to \(gid) and \(groups)"
    case UInt32(APPC_AT_USER): "setting its user to \(uid)"
    case UInt32(APPC_AT_WORKING_DIRECTORY): "entering the working directory \(printable(workingDirectory))"
    case UInt32(APPC_AT_LOOKUP), UInt32(APPC_AT_EXEC): "executing \(program)"
    default: "step \(phase)"
    }
  }
}
