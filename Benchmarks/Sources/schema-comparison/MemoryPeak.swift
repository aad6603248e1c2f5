import CMeasuring
import Measuring
import SystemPackage

/// The memory of this process, from the kernel.
///
/// Not `ru_maxrss`: that never falls, and begins with what the process that started this one had.
enum MemoryPeak {
  /// By how many bytes the resident memory rose above what it was before, while `body` ran.
  static func above(_ body: () -> Void) throws -> Int {
    _ = try value("VmRSS")
    // What was freed before must not serve `body`.
    measuring_give_back_memory()
    try SmallText.write("5", to: "/proc/self/clear_refs")
    let before = try value("VmRSS")
    body()
    return max(0, try value("VmHWM") - before)
  }

  private static func value(_ name: String) throws -> Int {
    let line = try SmallText.read("/proc/self/status").split(separator: "\n").first {
      $0.hasPrefix(name + ":")
    }
    guard
      let kibibytes = line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap({
        Int($0)
      })
    else { throw Problem("/proc/self/status has no \(name)") }
    return kibibytes << 10
  }
}
