import CAppcLinux

extension LaunchPlan {
  /// The plan in the flat form that `appc_plan.h` describes.
  func compiled() -> [UInt8] {
    var writer = PlanWriter()
    writer.number(UInt32(APPC_PLAN_MAGIC))
    writer.number(UInt32(APPC_PLAN_VERSION))
    writer.number(0)
    writer.number(UInt32(descriptors.count))
    writer.number(UInt32(keptDescriptors))
    writer.number(descriptors.firstIndex(of: .appsDirectory).map { UInt32($0) } ?? UInt32(APPC_NONE))
    writer.section(podSteps) { $0.write(to: &$1) }
    writer.number(UInt32(apps.count))
    for app in apps {
      writer.section(app.steps) { $0.write(to: &$1) }
      writer.sized { app.process.write(to: &$0, name: app.name) }
    }
    writer.patch(UInt32(writer.bytes.count), at: 8)
    return writer.bytes
  }
}

/// Appends the flat form's numbers and blobs.
struct PlanWriter {
  private(set) var bytes: [UInt8] = []

  mutating func number(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func index(_ index: LaunchPlan.DescriptorIndex?) {
    number(index?.value ?? UInt32(APPC_NONE))
  }

  mutating func blob(_ content: some Collection<UInt8>) {
    number(UInt32(content.count))
    bytes.append(contentsOf: content)
    repeat { bytes.append(0) } while bytes.count % 4 != 0
  }

  mutating func blobs(_ list: [[UInt8]]) {
    number(UInt32(list.count))
    for content in list { blob(content) }
  }

  mutating func patch(_ value: UInt32, at offset: Int) {
    withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
  }

  /// Something preceded by its size in bytes.
  mutating func sized(_ write: (inout PlanWriter) -> Void) {
    let start = bytes.count
    number(0)
    write(&self)
    patch(UInt32(bytes.count - start - 4), at: start)
  }

  mutating func section<Step>(_ steps: [Step], _ write: (Step, inout PlanWriter) -> Void) {
    number(UInt32(steps.count))
    for step in steps { write(step, &self) }
  }

  mutating func step(_ opcode: UInt32, _ operands: (inout PlanWriter) -> Void = { _ in }) {
    number(opcode)
    sized(operands)
  }
}

extension LaunchPlan.PodStep {
  fileprivate func write(to writer: inout PlanWriter) {
    switch self {
    case .joinCgroup(let tasks, _): writer.step(UInt32(APPC_OP_JOIN_CGROUP)) { $0.index(tasks) }
    case .writeFile(let path, let content):
      writer.step(UInt32(APPC_OP_WRITE_FILE)) {
        $0.blob(path)
        $0.blob(content)
      }
    case .scratchRoot: writer.step(UInt32(APPC_OP_SCRATCH_ROOT))
    case .loopbackUp: writer.step(UInt32(APPC_OP_LOOPBACK_UP))
    case .hostname(let name): writer.step(UInt32(APPC_OP_HOSTNAME)) { $0.blob(name) }
    }
  }
}

extension LaunchPlan.AppStep {
  fileprivate func write(to writer: inout PlanWriter) {
    switch self {
    case .joinCgroup(let tasks, _): writer.step(UInt32(APPC_OP_JOIN_CGROUP)) { $0.index(tasks) }
    case .cgroupNamespace: writer.step(UInt32(APPC_OP_CGROUP_NAMESPACE))
    case .overlayRoot(let lower, let writable, let attributes):
      writer.step(UInt32(APPC_OP_ROOT_OVERLAY)) {
        $0.index(lower)
        $0.index(writable)
        $0.number(attributes.rawValue)
      }
    case .bindRoot(let tree, let attributes):
      writer.step(UInt32(APPC_OP_ROOT_BIND)) {
        $0.index(tree)
        $0.number(attributes.rawValue)
      }
    case .directory(let target, let mode, let own):
      writer.step(UInt32(APPC_OP_DIRECTORY)) {
        $0.number(mode)
        $0.number(own ? 1 : 0)
        $0.place(target)
      }
    case .file(let target): writer.step(UInt32(APPC_OP_FILE)) { $0.place(target) }
    case .mount(let type, let target, let attributes, let options):
      writer.step(UInt32(APPC_OP_MOUNT)) {
        $0.number(attributes.rawValue)
        $0.number(UInt32(options.count + 1))
        $0.blob(type.utf8)
        $0.blob(target)
        $0.blob("source".utf8)
        $0.blob(type.utf8)
        for option in options {
          $0.blob(option.key.utf8)
          $0.blob(option.value.utf8)
        }
      }
    case .attach(let tree, _, let target, let isDirectory):
      writer.step(UInt32(APPC_OP_ATTACH)) {
        $0.index(tree)
        $0.number(UInt32(isDirectory ? APPC_ATTACH_DIRECTORY : APPC_ATTACH_FILE))
        $0.blob(target)
      }
    case .device(let target, let major, let minor, let mode):
      writer.step(UInt32(APPC_OP_DEVICE)) {
        $0.number(major)
        $0.number(minor)
        $0.number(mode)
        $0.blob(target)
      }
    case .symlink(let target, let text):
      writer.step(UInt32(APPC_OP_SYMLINK)) {
        $0.blob(target)
        $0.blob(text)
      }
    case .readOnly(let target): writer.step(UInt32(APPC_OP_READ_ONLY)) { $0.blob(target) }
    case .mask(let target): writer.step(UInt32(APPC_OP_MASK)) { $0.blob(target) }
    case .writeOwnFile(let target, let content):
      writer.step(UInt32(APPC_OP_WRITE_OWN_FILE)) {
        $0.blob(target.drop { $0 == UInt8(ascii: "/") })
        $0.blob(content)
      }
    case .restrictRoot(let attributes):
      writer.step(UInt32(APPC_OP_RESTRICT_ROOT)) { $0.number(attributes.rawValue) }
    case .enterRoot: writer.step(UInt32(APPC_OP_ENTER_ROOT))
    }
  }
}

extension PlanWriter {
  /// A path, and the same split into its parent and its last component.
  fileprivate mutating func place(_ target: [UInt8]) {
    let slash = target.lastIndex(of: UInt8(ascii: "/")) ?? 0
    blob(target)
    blob(slash == 0 ? [UInt8(ascii: "/")] : Array(target[..<slash]))
    blob(target[(slash + 1)...])
  }
}

extension LaunchPlan.Process {
  fileprivate func write(to writer: inout PlanWriter, name: String) {
    writer.number(uid)
    writer.number(gid)
    writer.number(UInt32(truncatingIfNeeded: capabilities.rawValue))
    writer.number(UInt32(truncatingIfNeeded: capabilities.rawValue >> 32))
    writer.number(noNewPrivileges ? UInt32(APPC_PROCESS_NO_NEW_PRIVILEGES) : 0)
    writer.index(cgroup)
    for number in 0..<3 { writer.index(number < streams.count ? streams[number] : nil) }
    writer.number(UInt32(groups.count))
    for group in groups { writer.number(group) }
    writer.blob(name.utf8)
    writer.blob(workingDirectory)
    writer.blobs(candidates)
    writer.blobs(arguments)
    writer.blobs(environment)
  }
}
