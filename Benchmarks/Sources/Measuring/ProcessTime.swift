import Glibc

/// The processor time of this process: what others do on the machine counts less than in wall time.
public enum ProcessTime {
  /// User and system time of all threads so far, in nanoseconds.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
