import Glibc
import Measuring

/// What one run of a command cost.
struct Sample {
  /// From the start of the process to its end, in nanoseconds; or what it measured itself.
  var wall: Int64
  /// User and system time of the process and of all that it started and waited for, in nanoseconds.
  let cpu: Int64
  /// The most memory that one of these processes had resident, in bytes, pages of mapped files included.
  ///
  /// It begins with what this process had when it started the command: a few megabytes.
  let peakMemory: Int64

  init(wall: Int64, usage: rusage) {
    self.wall = wall
    cpu = [usage.ru_utime, usage.ru_stime].reduce(0) {
      $0 + Int64($1.tv_sec) * 1_000_000_000 + Int64($1.tv_usec) * 1000
    }
    peakMemory = Int64(usage.ru_maxrss) << 10
  }

  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// The samples of one candidate, put together.
struct Summary {
  let wall: Distribution
  let cpu: Distribution
  let peakMemory: Int64

  init(_ samples: [Sample]) {
    wall = Distribution(samples.map(\.wall))
    cpu = Distribution(samples.map(\.cpu))
    peakMemory = samples.map(\.peakMemory).max() ?? 0
  }
}
