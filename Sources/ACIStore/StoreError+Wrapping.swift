import ACIArchive
import AppcSchema
import SystemPackage

extension StoreError {
  /// The error for an image that was refused, with a full disk and what was thrown at the reader told apart.
  init(_ error: ArchiveError, operation: String, subject: String) {
    if let errno = error.errno ?? error.cause as? Errno, errno == .noSpace || errno == .diskQuotaExceeded {
      self.init(system: errno, operation: operation, subject: subject)
    } else if error.code == .stopped, let cause = error.cause {
      if let errno = cause as? Errno {
        self.init(system: errno, operation: operation, subject: subject)
      } else {
        self.init(.stopped, operation: operation, subject: subject, detail: "it was stopped", cause: cause)
      }
    } else {
      self.init(
        error.errno == nil ? .refused : .system, operation: operation, subject: subject,
        detail: error.detail(besides: subject), errno: error.errno, cause: error)
    }
  }

  /// The error for something of ours that is no longer what was written.
  static func corrupt(
    _ operation: String, _ subject: String, _ detail: String, cause: (any Error)? = nil
  ) -> StoreError {
    StoreError(.corrupt, operation: operation, subject: subject, detail: detail, cause: cause)
  }
}

extension ArchiveError {
  /// What is wrong, and with which entry, where the image itself was named before.
  fileprivate func detail(besides subject: String) -> String {
    let place = self.subject.split(separator: ", ", maxSplits: 1).filter { $0 != subject }.joined(
      separator: ", ")
    let cause = cause.map { ": \($0)" } ?? ""
    let errno = errno.map { ": \($0.description)" } ?? ""
    return (place.isEmpty ? "" : "\(place): ") + detail + errno + cause
  }
}
