import Glibc

/// Repeats a call that a signal interrupted.
///
/// Calls that return -1 and set errno.
func retryingInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = unlessFaulted(call)
    if result != -1 || errno != EINTR { return result }
  }
}

/// Repeats a call that a signal interrupted, and that moves up to `count` bytes: it gets the number to ask for.
func retryingInterrupts(moving count: Int, _ call: (Int) -> Int) -> Int {
  retryingInterrupts { call(permitted(count)) }
}

/// Repeats a call that a signal interrupted.
///
/// Calls of CAppcLinux, which return -errno.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = unlessFaulted(ours: call)
    if result != -Result(EINTR) { return result }
  }
}

/// Calls `body` with the bytes as a C string.
///
/// They must hold no NUL.
func withCString<Result, Failure: Error>(
  _ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) {
    buffer throws(Failure) in
    var index = 0
    for byte in bytes {
      buffer[index] = CChar(bitPattern: byte)
      index += 1
    }
    buffer[index] = 0
    guard let base = buffer.baseAddress else {
      preconditionFailure("a buffer of at least one byte has an address")
    }
    return try body(base)
  }
}

// MARK: The seam for tests

#if DEBUG
  private func unlessFaulted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    guard let failure = FaultInjection.failure() else { return call() }
    errno = failure
    return -1
  }

  private func unlessFaulted<Result: SignedInteger>(ours call: () -> Result) -> Result {
    guard let failure = FaultInjection.failure() else { return call() }
    return -Result(failure)
  }

  private func permitted(_ count: Int) -> Int { FaultInjection.permitted(count) }
#else
  @inline(__always)
  private func unlessFaulted<Result: SignedInteger>(_ call: () -> Result) -> Result { call() }

  @inline(__always)
  private func unlessFaulted<Result: SignedInteger>(ours call: () -> Result) -> Result { call() }

  @inline(__always)
  private func permitted(_ count: Int) -> Int { count }
#endif
