import CMeasuring
import Glibc

/// What one launch cost, in nanoseconds.
struct Sample {
  /// From the call to the exit status.
  let wall: Int64
  /// User and system time of this process and of every process that was started.
  let cpu: Int64

  /// Times a launch.
  ///
  /// Orphans that it leaves are waited for, outside the wall time, so that their CPU time counts.
  static func measure(_ body: () throws -> Void) rethrows -> Sample {
    let cpu = spentCPU()
    let start = now()
    try body()
    let end = now()
    while waitpid(-1, nil, Int32(bitPattern: UInt32(__WALL))) > 0 || errno == EINTR {}
    return Sample(wall: end - start, cpu: spentCPU() - cpu)
  }

  private static let __WALL = 0x4000_0000

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func spentCPU() -> Int64 {
    var total: Int64 = 0
    for who: Int32 in [0 /* RUSAGE_SELF */, -1 /* RUSAGE_CHILDREN */] {
      var usage = rusage()
      getrusage(who, &usage)
      for time in [usage.ru_utime, usage.ru_stime] {
        total += Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
      }
    }
    return total
  }
}

/// The samples of one candidate, put together.
struct Summary {
  let wall: [Int64]
  let cpu: [Int64]

  init(_ samples: [Sample]) {
    wall = samples.map(\.wall).sorted()
    cpu = samples.map(\.cpu).sorted()
  }

  var minimum: Int64 { wall.first ?? 0 }
  var median: Int64 { Self.quantile(wall, 50) }
  var slow: Int64 { Self.quantile(wall, 90) }
  var medianCPU: Int64 { Self.quantile(cpu, 50) }

  /// The smallest value that `percent` of all are not above.
  private static func quantile(_ sorted: [Int64], _ percent: Int) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
  }
}
