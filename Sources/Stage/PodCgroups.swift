import AppcSchema
import CAppcLinux
import Glibc
import SystemPackage

/// Makes, watches and removes the control groups of pods.
///
/// Every operation may be repeated.
struct PodCgroups: Sendable {
  let hierarchies: CgroupHierarchies

  /// Makes a plan's directories and fills their files.
  ///
  /// - Throws: ``StageError`` with `.cgroup`; what was made is removed by ``remove(_:)``.
  func create(_ plan: CgroupPlan, devices: DeviceRules?) throws(StageError) {
    var path = FilePath()
    do throws(Errno) {
      for node in plan.nodes {
        path = node.path
        try makeDirectory(path)
        if path == plan.unified { try delegate(plan.delegated, to: path) }
        for file in node.files {
          path = node.path.appending(file.name)
          let opened = try SmallFile.open(path, O_WRONLY | O_NOFOLLOW)
          for value in file.values { try SmallFile.write(Array(value.utf8), to: opened) }
        }
      }
      if plan.usesDeviceProgram, let devices, let unified = plan.unified {
        path = unified
        try attach(devices, to: unified)
      }
    } catch {
      throw StageError(.cgroup, "making the control group", path.string, errno: error)
    }
  }

  /// Makes a pod's node; the directory above it may be taken away by another's gc at any moment.
  private func makeDirectory(_ path: FilePath) throws(Errno) {
    for _ in 0..<100 {
      if path.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST { return }
      guard errno == ENOENT else { throw Errno(rawValue: errno) }
      let parent = path.removingLastComponent()
      guard parent.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST else {
        throw Errno(rawValue: errno)
      }
    }
    throw Errno.noSuchFileOrDirectory
  }

  /// Has the v2 controllers handed down from the root to a pod's leaves.
  private func delegate(_ controllers: [String], to pod: FilePath) throws(Errno) {
    guard !controllers.isEmpty else { return }
    let value = controllers.map { "+" + $0 }.joined(separator: " ")
    let parent = pod.removingLastComponent()
    for path in [parent.removingLastComponent(), parent, pod] {
      try SmallFile.set(path.appending("cgroup.subtree_control"), value)
    }
  }

  private func attach(_ rules: DeviceRules, to cgroup: FilePath) throws(Errno) {
    let directory = try SmallFile.open(cgroup, O_RDONLY | O_DIRECTORY)
    let outcome = appc_attach_device_rules(directory.rawValue, rules.table, UInt32(rules.rules.count))
    guard outcome == 0 else { throw Errno(rawValue: -outcome) }
  }

  // MARK: Afterwards

  private var roots: [FilePath] {
    [hierarchies.unified].compactMap { $0 } + Set(hierarchies.controllers.values)
  }

  /// The pod's node in every hierarchy where it has one.
  func nodes(of uuid: PodUUID) -> [FilePath] {
    return roots.map { $0.appending(CgroupPlan.parent).appending(uuid.description) }
      .filter { $0.withPlatformString { access($0, F_OK) } == 0 }
  }

  /// Whether some process is left in the pod's groups.
  func isPopulated(_ uuid: PodUUID) -> Bool {
    nodes(of: uuid).contains { node in
      if let events = try? SmallFile.read(node.appending("cgroup.events")) {
        return String(decoding: events, as: UTF8.self).contains("populated 1")
      }
      return leaves(of: node).contains { (try? SmallFile.read($0.appending("tasks")))?.isEmpty == false }
    }
  }

  /// Ends every process of the pod.
  ///
  /// Returns at once; the kernel may need time.
  func kill(_ uuid: PodUUID) {
    for node in nodes(of: uuid) {
      if (try? SmallFile.set(node.appending("cgroup.kill"), "1")) != nil { continue }
      for leaf in leaves(of: node) {
        guard let tasks = try? SmallFile.read(leaf.appending("cgroup.procs")) else { continue }
        for line in tasks.split(separator: UInt8(ascii: "\n")) {
          if let pid = ImageUsers.number(line), pid > 1 { Glibc.kill(pid_t(pid), SIGKILL) }
        }
      }
    }
  }

  /// Removes the pod's groups once they are empty, waiting up to `milliseconds` for that.
  ///
  /// - Returns: whether nothing is left of them.
  @discardableResult
  func remove(_ uuid: PodUUID, waiting milliseconds: Int = 0) -> Bool {
    var waited = 0
    while true {
      let left = nodes(of: uuid).filter { !removeNode($0) }
      if left.isEmpty { break }
      guard waited < milliseconds else { return false }
      usleep(2000)
      waited += 2
    }
    // The parents go with the last pod; a busy one stays, and a new pod makes it again.
    for root in roots { _ = root.appending(CgroupPlan.parent).withPlatformString { rmdir($0) } }
    return true
  }

  private func removeNode(_ node: FilePath) -> Bool {
    for leaf in leaves(of: node) where leaf != node { _ = leaf.withPlatformString { rmdir($0) } }
    return node.withPlatformString { rmdir($0) } == 0 || errno == ENOENT
  }

  /// A node's children and the node itself.
  private func leaves(of node: FilePath) -> [FilePath] {
    let names = (try? DirectoryListing.names(in: node, directoriesOnly: true)) ?? []
    return names.map { node.appending(String(decoding: $0, as: UTF8.self)) } + [node]
  }
}
