import AppcSchema
import CAppcLinux
import Glibc
import SystemPackage

/// Opens what a plan names, starts pid 1 with it, and hears whether the apps have started.
struct Launcher {
  let specification: PodSpecification
  let plan: LaunchPlan
  let cgroupPlan: CgroupPlan
  let cgroups: PodCgroups

  func launch(_ preparation: inout PodPreparation) throws(StageError) -> RunningPod {
    try cgroups.create(cgroupPlan, devices: .standard)
    let table = DescriptorTable()
    let null = try opened("/dev/null", O_RDWR)
    for _ in 0..<3 { table.borrow(null.descriptor) }
    table.own(try opened(preparation.directory.plan, O_RDONLY))
    let ours = try connection(to: table)
    for descriptor in plan.descriptors { try add(descriptor, to: table, preparation) }

    let pidfd = try spawn(table, preparation.directory)
    let pod = RunningPod(
      uuid: specification.uuid, directory: preparation.directory, plan: plan, cgroups: cgroups,
      connection: ours, pidfd: pidfd)
    table.close()
    try pod.awaitStart()
    return pod
  }

  /// Makes a pair of sockets, puts one end in the table and returns the other.
  private func connection(to table: DescriptorTable) throws(StageError) -> OwnedDescriptor {
    var (first, second): (Int32, Int32) = (-1, -1)
    let outcome = appc_packet_pair(&first, &second)
    guard outcome == 0 else {
      throw StageError(.system, "connecting to", "pid 1", errno: Errno(rawValue: -outcome))
    }
    table.own(OwnedDescriptor(FileDescriptor(rawValue: second)))
    return OwnedDescriptor(FileDescriptor(rawValue: first))
  }

  private func opened(_ path: FilePath, _ flags: Int32) throws(StageError) -> OwnedDescriptor {
    do throws(Errno) {
      return try SmallFile.open(path, flags)
    } catch {
      throw StageError(.launch, "opening", path.string, errno: error)
    }
  }

  private func add(
    _ descriptor: LaunchPlan.Descriptor, to table: DescriptorTable, _ preparation: borrowing PodPreparation
  ) throws(StageError) {
    let directory = preparation.directory
    switch descriptor {
    case .lock: table.borrow(preparation.lock.descriptor)
    case .lease(let number): table.borrow(specification.leases[number])
    case .appsDirectory: table.own(try tree(directory.apps))
    case .tasks(let controller, let app):
      let node = app.map { cgroupPlan.appLeaves[$0]?[controller] } ?? cgroupPlan.version1[controller]
      table.own(try opened((node ?? "").appending("tasks"), O_WRONLY))
    case .appCgroup(let app): table.own(try tree((cgroupPlan.unified ?? "").appending("app-" + app)))
    case .root(let app): table.own(try tree(try root(of: app)))
    case .writable(let app): table.own(try tree(directory.app(app)))
    case .volume(let use):
      let source = use.source ?? directory.volume(use.volume)
      let flags = (use.readOnly ? APPC_TREE_READ_ONLY : 0) | (use.recursive ? APPC_TREE_RECURSIVE : 0)
      // A link may lead to the data directory, but not to a source that was looked at before (K4).
      table.own(try tree(source, flags: UInt32(flags), links: use.source == nil))
    case .stream(let app, let number):
      let streams = specification.streams.first { $0.key.description == app }?.value
      guard let stream = streams?.all[number] else { return table.borrow(FileDescriptor(rawValue: -1)) }
      table.borrow(stream)
    }
  }

  private func root(of app: String) throws(StageError) -> FilePath {
    guard let root = specification.roots.first(where: { $0.key.description == app }) else {
      throw StageError(.invalidPod, "planning app", app, detail: "it has no root file system")
    }
    return root.value.directory
  }

  /// A detached clone of the mount at a path: the only way in which something of the host enters the pod.
  private func tree(
    _ path: FilePath, flags: UInt32 = 0, links: Bool = true
  ) throws(StageError) -> OwnedDescriptor {
    do throws(Errno) {
      if links {
        return try OwnedDescriptor(
          checking: path.withPlatformString {
            appc_detached_tree(AT_FDCWD, $0, flags | UInt32(APPC_TREE_NO_FOLLOW))
          })
      }
      let place = try FileDescriptor.workingDirectory.openWithoutLinks(path, flags: appc_o_path())
      return try OwnedDescriptor(checking: appc_detached_tree(place.rawValue, "", flags))
    } catch {
      throw StageError(.launch, "taking", path.string, errno: error)
    }
  }

  private func spawn(_ table: DescriptorTable, _ directory: PodDirectory) throws(StageError)
    -> OwnedDescriptor
  {
    let program = try StageInitProgram()
    let flags = appc_namespace_flags(1, 1, 1, 1, plan.ownNetwork ? 1 : 0)
    let cgroup =
      try cgroupPlan.unified.map { path throws(StageError) in
        Optional(try opened(path.appending("init"), O_RDONLY | O_DIRECTORY).release())
      } ?? nil
    defer { try? cgroup?.close() }
    var pidfd: Int32 = -1
    let numbers = table.numbers
    let pid = "appc-init".withCString { name -> Int32 in
      let arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: name), nil]
      let environment: [UnsafeMutablePointer<CChar>?] = [nil]
      return appc_spawn(
        flags, cgroup?.rawValue ?? -1, program.file.rawValue, numbers, UInt32(numbers.count), arguments,
        environment, &pidfd)
    }
    guard pid > 0 else {
      throw StageError(.launch, "starting", "pid 1 in its namespaces", errno: Errno(rawValue: -pid))
    }
    let child = OwnedDescriptor(FileDescriptor(rawValue: pidfd))
    // For people and monitoring; nothing of ours acts on a number that may have been used again.
    try? SmallFile.create(directory.pid, Array("\(pid)\n".utf8))
    return child
  }
}

/// The descriptors that pid 1 is started with: some opened for it, some the caller's.
final class DescriptorTable {
  private var all: [FileDescriptor] = []
  private var owned: [FileDescriptor] = []

  var numbers: [Int32] { all.map(\.rawValue) }

  func borrow(_ descriptor: FileDescriptor) { all.append(descriptor) }

  func own(_ descriptor: consuming OwnedDescriptor) {
    let released = descriptor.release()
    all.append(released)
    owned.append(released)
  }

  /// Closes what was opened for pid 1.
  func close() {
    for descriptor in owned { try? descriptor.close() }
    owned = []
  }

  deinit { close() }
}
