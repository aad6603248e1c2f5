import Glibc
import Synchronization

/// What the command says.
///
/// Results go to standard output, everything about them to standard error.
enum Console {
  /// Writes text to standard output; a reader that has gone ends the command, as it does other tools.
  static func write(_ text: String) { write(Array(text.utf8), to: 1) }

  /// Writes bytes to standard output.
  static func write(_ bytes: [UInt8]) { write(bytes, to: 1) }

  /// Writes lines to standard error.
  static func error(_ text: String) {
    clearStatus()
    write(Array((text + "\n").utf8), to: 2)
  }

  /// Says in one line what went wrong, and ends with rkt's status for that.
  static func fail(_ message: String) -> Never {
    error("appc: " + message)
    exit(Appc.failureStatus)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        // Standard output on a full disk is a failure, not a success with less output.
        if descriptor == 1 { fail("writing standard output: \(String(cString: strerror(errno)))") }
        return
      }
      written += count
    }
  }
}

// MARK: A line that comes and goes

extension Console {
  private static let hasStatus = Mutex(false)

  /// Whether standard error is a terminal on which a line can be drawn over.
  static var showsStatus: Bool {
    guard isatty(2) == 1 else { return false }
    return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// The columns of the terminal at standard error.
  static var width: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Draws a line in place of the last one; what is written to standard error clears it.
  static func status(_ text: String) {
    hasStatus.withLock { hasStatus in
      hasStatus = true
      write(Array("\r\(text)\u{1B}[K".utf8), to: 2)
    }
  }

  /// Removes the line, if there is one.
  static func clearStatus() {
    hasStatus.withLock { hasStatus in
      if hasStatus { write(Array("\r\u{1B}[K".utf8), to: 2) }
      hasStatus = false
    }
  }
}
