import Glibc

/// Repeats a call that a signal interrupted.
///
/// Calls that return -1 and set errno.
func retryingInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// Repeats a call that a signal interrupted.
///
/// Calls of CAppcLinux, which return -errno.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -Result(EINTR) { return result }
  }
}

/// Calls `body` with the bytes as a C string.
///
/// They must hold no NUL.
func withCString<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result) -> Result
{
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
    var index = 0
    for byte in bytes {
      buffer[index] = CChar(bitPattern: byte)
      index += 1
    }
    buffer[index] = 0
    guard let base = buffer.baseAddress else {
      preconditionFailure("a buffer of at least one byte has an address")
    }
    return body(base)
  }
}
