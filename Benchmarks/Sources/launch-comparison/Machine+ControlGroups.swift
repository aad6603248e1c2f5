import Measuring

extension Machine {
  /// Which versions of control groups are mounted: "v1", "v2", "hybrid" or "none".
  static func controlGroups() throws -> String {
    let types = try MountView.mounts().map(\.type).filter { $0.hasPrefix("cgroup") }
    let version2 = types.contains("cgroup2")
    return types.contains("cgroup") ? (version2 ? "hybrid" : "v1") : (version2 ? "v2" : "none")
  }
}
