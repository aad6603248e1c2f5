import Measuring

/// Times calls in processor time; those that are too short for a clock by calling them many times.
enum Timing {
  /// Nanoseconds a call, of `rounds` batches of each body.
  ///
  /// The bodies take turns, and each round begins with another one than the last: what the machine does meanwhile
  /// happens to all of them.
  static func interleaved(
    _ bodies: [() throws -> Void], rounds: Int, batch milliseconds: Int64 = 4
  ) throws -> [Distribution] {
    let counts = try bodies.map { try calls(of: $0, in: milliseconds * 1_000_000) }
    var samples: [[Int64]] = bodies.map { _ in [] }
    for round in 0..<rounds {
      for offset in bodies.indices {
        let index = (round + offset) % bodies.count
        samples[index].append(try time(of: bodies[index], calls: counts[index]) / Int64(counts[index]))
      }
    }
    return samples.map(Distribution.init)
  }

  /// The least time of a call, in nanoseconds, of as many as fit into the time, at least five.
  static func least(_ body: () throws -> Void, within milliseconds: Int64 = 150) rethrows -> Int64 {
    let end = ProcessTime.now() + milliseconds * 1_000_000
    var least = Int64.max
    var count = 0
    while count < 5 || ProcessTime.now() < end {
      least = min(least, try time(of: body, calls: 1))
      count += 1
    }
    return least
  }

  private static func calls(of body: () throws -> Void, in nanoseconds: Int64) rethrows -> Int {
    // The first calls fill caches.
    _ = try time(of: body, calls: 3)
    let single = max(1, try time(of: body, calls: 3) / 3)
    return max(1, Int(nanoseconds / single))
  }

  private static func time(of body: () throws -> Void, calls: Int) rethrows -> Int64 {
    let start = ProcessTime.now()
    for _ in 0..<calls { try body() }
    return ProcessTime.now() - start
  }
}
