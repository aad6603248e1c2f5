import Glibc

/// The descriptors 0, 1 and 2.
enum StandardStreams {
  /// Puts the null device where one of them is closed: otherwise the next file opened, one of the store's, would
  /// be taken for it and given to an app.
  static func occupy() {
    while true {
      let descriptor = open("/dev/null", O_RDWR)
      guard descriptor >= 0 else { exit(Appc.failureStatus) }
      if descriptor > 2 {
        close(descriptor)
        return
      }
    }
  }
}
