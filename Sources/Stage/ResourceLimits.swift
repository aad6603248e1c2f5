/// Limits that the kernel enforces on a control group; nil is no limit.
public struct ResourceLimits: Hashable, Sendable {
  /// Memory, in bytes.
  public var memory: Int64?
  /// CPU time per second, in thousandths of a core.
  public var cpu: Int64?
  /// How many processes and threads there may be.
  public var processes: Int64?

  /// Makes limits; none by default.
  public init(memory: Int64? = nil, cpu: Int64? = nil, processes: Int64? = nil) {
    self.memory = memory
    self.cpu = cpu
    self.processes = processes
  }

  /// The period over which CPU time is counted, in microseconds.
  private static let period: Int64 = 100_000

  private var quota: Int64? {
    cpu.flatMap { limit in
      // More than any machine has is no limit.
      let (quota, overflow) = limit.multipliedReportingOverflow(by: Self.period / 1000)
      return overflow ? nil : max(1000, quota)
    }
  }

  /// What a v1 controller's files are to hold, in order.
  func version1Files(of controller: String) -> [CgroupPlan.FileValue] {
    switch controller {
    case "memory": memory.map { [.init(name: "memory.limit_in_bytes", value: "\($0)")] } ?? []
    case "cpu":
      quota.map {
        [
          .init(name: "cpu.cfs_period_us", value: "\(Self.period)"),
          .init(name: "cpu.cfs_quota_us", value: "\($0)"),
        ]
      } ?? []
    case "pids": processes.map { [.init(name: "pids.max", value: "\($0)")] } ?? []
    default: []
    }
  }

  /// What a v2 controller's files are to hold.
  func version2Files(of controller: String) -> [CgroupPlan.FileValue] {
    switch controller {
    case "memory": memory.map { [.init(name: "memory.max", value: "\($0)")] } ?? []
    case "cpu": quota.map { [.init(name: "cpu.max", value: "\($0) \(Self.period)")] } ?? []
    case "pids": processes.map { [.init(name: "pids.max", value: "\($0)")] } ?? []
    default: []
    }
  }

  /// The controllers that these limits need.
  var controllers: [String] {
    ["memory", "cpu", "pids"].filter { !version2Files(of: $0).isEmpty }
  }
}
