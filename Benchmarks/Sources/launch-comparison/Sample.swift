import CMeasuring
import Glibc
import Measuring

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
  let wall: Distribution
  let cpu: Distribution

  init(_ samples: [Sample]) {
    wall = Distribution(samples.map(\.wall))
    cpu = Distribution(samples.map(\.cpu))
  }
}
